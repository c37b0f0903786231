import { sha256 } from "../../../handlers/protocol/generation";
import { refuseName, tempKey } from "../../../handlers/protocol/objectName";
import type { UploadDetails } from "../../../handlers/protocol/uploadDetails";
import type { Uploaded } from "../oracle/operations";
import type { Choices } from "../search/choices";
import type { Scenario } from "../search/scenarios";
import { passDays } from "./passDays";
import { limits, strictLimits, uploadBody, uploadMetadata, type UploadKind } from "./simulatedImages";
import { s3Event } from "./stores/tempBucket";
import { Violation } from "../oracle/invariants";
import type { SimulatedOperation } from "./history";
import type { World } from "./world";

export type Step =
  /** `pause`: so many milliseconds pass before. S3 tells times to the second: each upload has its own. */
  | { kind: "put"; name: string; upload: UploadKind; tag: string; details?: UploadDetails; pause?: number }
  | { kind: "delete"; name: string }
  /** Another client begins to do this meanwhile. */
  | { kind: "beside"; steps: Step[] }
  | { kind: "redeploy" }
  /** Other image types are configured, or the first ones again. */
  | { kind: "retype" }
  /** The renditions of all names are made as the configuration is now. */
  | { kind: "backfill"; remove: boolean }
  /** So many days pass that what was deleted before them expires. */
  | { kind: "weeks" }
  /** The records are as the first releases left them: in no list. */
  | { kind: "unlist" };

/** The steps of a scenario's clients, one list for each. */
export function drawPlan(scenario: Scenario, choices: Choices): Step[][] {
  const { clients, operations, names, uploads, contents, deletesInTen, pause } = scenario;
  return Array.from({ length: clients }, (_, client) =>
    Array.from({ length: operations }, (_, turn): Step[] => {
      // Always three choices: leaving one operation out does not change the others.
      const kind = choices.choose("plan", 4, (r) => (r.chance(0.1) ? 0 : r.below(10) < deletesInTen ? 2 : 1));
      const name = names[choices.choose("plan", names.length, (r) => r.below(names.length))] ?? "";
      const content = choices.choose("plan", uploads.length * contents, (r) => r.below(uploads.length * contents));
      if (kind === 0) return [];
      if (kind === 2) return [{ kind: "delete", name }];
      const tag = contents === 1 ? "same" : `${client}.${turn}.${content % contents}`;
      const upload = uploads[content % uploads.length] ?? "good";
      return [{ kind: "put", name, upload, tag, details: detailsBy(client, turn), pause }];
    }).flat(),
  );
}

/** Every other upload has details, each its own; some have metadata alone. */
function detailsBy(client: number, turn: number): UploadDetails {
  if ((client + turn) % 2 === 1) return {};
  const metadata = JSON.stringify({ client, turn });
  return client === 0 ? { metadata } : { metadata, focus: { x: client / 10, y: turn / 10 } };
}

/** Does one thing after another, whether or not the one before was acknowledged. */
export async function runClient(world: World, steps: Step[]): Promise<void> {
  const actor = world.newActor("client");
  const perform = world.performFor(actor);
  for (const step of steps) {
    if (step.kind === "redeploy") {
      await perform("deploy", [], () => world.redeploy()).catch(ignoreFailure);
    } else if (step.kind === "retype") {
      await perform("retype", [], () => world.retype()).catch(ignoreFailure);
    } else if (step.kind === "backfill") {
      await perform("backfill", [step.remove], () => world.backfill(step.remove)).catch(ignoreFailure);
    } else if (step.kind === "weeks") {
      await perform("weeks pass", [], () => passDays(world, 40)).catch(ignoreFailure);
    } else if (step.kind === "unlist") {
      await perform("unlist", [], () => unlist(world)).catch(ignoreFailure);
    } else if (step.kind === "beside") {
      runClient(world, step.steps).catch((error: unknown) => world.fail(error as Error));
    } else if (step.kind === "put") {
      await put(world, perform, step).catch(ignoreFailure);
    } else {
      await deleteName(world, perform, step.name).catch(ignoreFailure);
    }
  }
}

/** A client that got no acknowledgement goes on; what it asked for may have happened or not. */
function ignoreFailure(error: unknown): void {
  if (error instanceof Violation) throw error;
}

function unlist({ stores: { metadata } }: World): void {
  for (const name of metadata.names()) metadata.updateRaw(name, { when: [], remove: ["statusShard", "listPosition"] });
}

type Performer = ReturnType<World["performFor"]>;

async function put(world: World, perform: Performer, step: Extract<Step, { kind: "put" }>): Promise<void> {
  const { name, details = {} } = step;
  const body = uploadBody(step.upload, step.tag);
  const operation = await perform("PUT", [name, body], () => {
    world.pass(step.pause ?? 1000);
    const stored = world.stores.temp.put(tempKey(name), body, uploadMetadata(step.upload, details));
    world.notify(s3Event(stored, stored.finishedAt));
    const { versionId, sequencer } = stored;
    const upload = { ...expectedOf(name, step.upload, body), details, body, versionId, sequencer };
    const at = { start: world.step, end: world.step };
    return world.history.add({ kind: "put", name, ...at, acknowledged: false, upload });
  });
  operation.acknowledged = true;
}

/** The outcome that an upload must have. */
function expectedOf(name: string, kind: UploadKind, body: Uint8Array): Uploaded {
  const contentHash = sha256(body);
  const isRefused = (accepted: string[]): boolean => refuseName(name, accepted) !== undefined;
  if (isRefused(limits.acceptedExtensions) || kind === "large") return { contentHash, outcomes: ["REJECTED"] };
  if (kind === "garbled") return { contentHash, outcomes: ["REJECTED"], reason: "metadata must be a JSON object" };
  const mayBeRefused = isRefused(strictLimits.acceptedExtensions);
  if (kind === "bad" && mayBeRefused) return { contentHash, outcomes: ["REJECTED"] };
  if (kind === "bad") return { contentHash, outcomes: ["REJECTED"], reason: Buffer.from(body).toString() };
  const accepted = ["hollow", "deadly", "endless"].includes(kind) ? "FAILED" : "READY";
  const isStrict = kind === "long" || kind === "png" || mayBeRefused;
  return { contentHash, outcomes: isStrict ? [accepted, "REJECTED"] : [accepted] };
}

/** The client may give up while the run goes on, as API Gateway does after 29 s. */
export async function deleteName(world: World, perform: Performer, name: string): Promise<void> {
  const operation = await perform("DELETE", [name], () => startDelete(world, name));
  if (await operation.answer) operation.acknowledged = true;
}

function startDelete(world: World, name: string): SimulatedOperation {
  const started = { kind: "delete" as const, name, start: world.step, end: Infinity, acknowledged: false };
  const operation: SimulatedOperation = world.history.add(started);
  operation.answer = world.requestDeletion(name, () => (operation.end = world.step));
  // "Unknown" promises nothing; it must only be true.
  operation.answer
    .then((record) => (record ? undefined : world.history.retract(operation)))
    .catch((error: unknown) => (error instanceof Violation ? world.fail(error) : undefined));
  return operation;
}
