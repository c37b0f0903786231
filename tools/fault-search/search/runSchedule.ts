import type { Choices } from "./choices";
import { liveManifest } from "../../../handlers/protocol/generation";
import type { RawRecord } from "../../../handlers/records";
import { deleteName, drawPlan, runClient, type Step } from "../world/clients";
import { chosenFaults } from "./faultModel";
import { handlers as deployed, type Handlers } from "../world/deployedHandlers";
import { violationsAtRest, violationsOfReplay } from "../oracle/atRest";
import { readAtRest } from "../world/readAtRest";
import type { Operation } from "../oracle/operations";
import type { DeadLetters, Scenario } from "./scenarios";
import { drawStrategy } from "./strategy";
import type { Trace } from "../world/trace";
import { strictLimits } from "../world/simulatedImages";
import { Violation } from "../oracle/invariants";
import { passDays } from "../world/passDays";
import { World } from "../world/world";

export interface Outcome {
  violation?: Violation;
  steps: number;
}

/** Runs one schedule of a scenario to its end, or to its first violation. */
export async function simulate(
  scenario: Scenario,
  choices: Choices,
  { handlers = deployed, trace }: { handlers?: Handlers; trace?: Trace } = {},
): Promise<Outcome> {
  const strategy = drawStrategy(choices.random);
  const plan = drawPlan(scenario, choices);
  if (scenario.redeploys) plan.push([{ kind: "redeploy" }]);
  const faults = chosenFaults(choices, scenario.faults);
  const limits = scenario.redeploys === "looser limits" ? strictLimits : undefined;
  const world = new World({ handlers, choices, strategy, faults, batch: scenario.batch, limits, trace });
  return conclude(world, async () => {
    if (scenario.poison) sendPoison(world);
    await live(world, plan, scenario.deadLetters);
    if (scenario.expires) await liveAgain(world, scenario);
  });
}

/** Runs a story; a violation is its outcome, any other error is a fault of the simulation itself. */
export async function conclude(world: World, story: () => Promise<void>): Promise<Outcome> {
  try {
    await story();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    world.note(undefined, `VIOLATION ${error.message}`);
    return { violation: error, steps: world.step };
  }
  return { steps: world.step };
}

/** Clients do what they do, all comes to rest, and everything is checked. */
export async function live(world: World, plan: Step[][], letters: DeadLetters = "moved back"): Promise<void> {
  for (const steps of plan) runClient(world, steps).catch((error: unknown) => world.fail(error as Error));
  await world.drain();
  await comeToRest(world, letters);
  await checkAtRest(world);
  await repeatUnfinishedDeletions(world);
  await replayMessages(world);
}

/** Faults are over. Days later dead letters are moved back, unless they expired. */
async function comeToRest(world: World, letters: DeadLetters): Promise<void> {
  world.calm();
  world.note(undefined, "at rest; no more faults");
  passDays(world, { "moved back": 3, expire: 15, "outlive their uploads": 17 }[letters]);
  if (letters === "expire") world.queues.expireDeadLetters();
  if (letters === "outlive their uploads") world.stores.temp.expire();
  const moved = world.queues.redrive();
  if (moved.length > 0) world.note(undefined, `dead letters moved back: ${moved.map(({ id }) => id).join(", ")}`);
  await world.drain();
}

/** A DELETE that died may have done a part of its work: the same DELETE once more does all of it. */
async function repeatUnfinishedDeletions(world: World): Promise<void> {
  const { metadata } = world.stores;
  const unfinished = metadata.names().filter((name) => isUnfinished(metadata.raw(name)));
  if (unfinished.length === 0) return;
  const perform = world.performFor(world.newActor("client"));
  for (const name of unfinished) {
    deleteName(world, perform, name).catch((error: unknown) => world.fail(error as Error));
  }
  await world.drain();
  for (const name of unfinished) {
    const record = metadata.raw(name);
    if (record?.status !== "DELETED" || isUnfinished(record))
      throw new Violation("I2", `${name}: a repeated DELETE left it ${record?.status}`);
  }
  await checkAtRest(world);
}

/** Throws the first invariant that does not hold. */
export async function checkAtRest(world: World): Promise<void> {
  for (const violation of violationsAtRest(await readAtRest(world), promisesOf(world))) throw violation;
}

/** An upload that expired while its message failed is lost; then its dead letter must tell so. */
function promisesOf({ history, queues, stores }: World): Operation[] {
  const told = queues.all.filter(({ state }) => state === "dead").map(({ body }) => body);
  return history.operations.map((operation) => {
    const id = operation.upload?.versionId ?? "";
    const isTold = stores.temp.expired.has(id) && told.some((body) => body.includes(`"${id}"`));
    return isTold ? { ...operation, acknowledged: false } : operation;
  });
}

const isUnfinished = (record: RawRecord | undefined): boolean =>
  record !== undefined && (record.status === "DELETING" || Boolean(record.superseded ?? record.cancelled));

/** Every message that was ever sent comes once more, and some that ask by mistake to clear away what is live. */
async function replayMessages(world: World): Promise<void> {
  const before = await readAtRest(world);
  const { metadata } = world.stores;
  world.note(undefined, "every message comes once more");
  for (const [body, queue] of [...world.sent]) world.queues.send(queue, body);
  for (const original of metadata.names()) {
    const manifest = liveManifest(metadata.raw(original));
    if (manifest === undefined) continue;
    world.queues.send("DeleteResolutionBasedImageQueue", JSON.stringify({ original, manifest }));
  }
  for (const { name: original, upload } of world.history.operations) {
    if (upload === undefined || original === "") continue;
    const leftover = { original, upload: upload.versionId };
    world.queues.send("DeleteResolutionBasedImageQueue", JSON.stringify(leftover));
  }
  await world.drain();
  for (const violation of violationsOfReplay(before, await readAtRest(world))) throw violation;
}

function sendPoison(world: World): void {
  const poison = { poison: true };
  world.send("PutRawImageQueue", "not JSON", poison);
  world.send("PutRawImageQueue", '{"Records":[{"eventName":"ObjectCreated:Put","s3":{}}]}', poison);
  world.send("PutResolutionBasedImageQueue", '{"original":"a.jpg","manifest":"nonsense","uploadedAt":"x"}', poison);
  world.send("DeleteResolutionBasedImageQueue", "null", poison);
  world.send("PutRawImageQueue", '{"Event":"s3:TestEvent","Bucket":"b"}');
}

/** Deleted records expire after 30 days. Before or after that, clients use the same names again. */
async function liveAgain(world: World, scenario: Scenario): Promise<void> {
  const { choices } = world.options;
  const days = choices.choose("plan", 2, (r) => r.below(2)) === 0 ? 40 : 20;
  passDays(world, days);
  world.disturb();
  await live(world, drawPlan({ ...scenario, operations: 2 * scenario.operations }, choices));
}
