import type { Choices } from "./choices";
import { manifestsOf } from "../../../handlers/protocol/generation";
import { backfillOf } from "../../../handlers/protocol/recipes";
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
  if (scenario.backfills) plan.push([...renewing]);
  const faults = chosenFaults(choices, scenario.faults);
  const limits = scenario.redeploys === "looser limits" ? strictLimits : undefined;
  const { batch, announces, backfills, lags } = scenario;
  const world = new World({ handlers, choices, strategy, faults, batch, limits, announces, backfills, lags, trace });
  return conclude(world, async () => {
    if (scenario.poison) sendPoison(world);
    if (scenario.established) await establish(world, scenario.names);
    await live(world, plan, scenario);
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
export async function live(
  world: World,
  plan: Step[][],
  {
    deadLetters = "moved back",
    sweeps = false,
    backfills = false,
  }: Pick<Scenario, "deadLetters" | "sweeps" | "backfills"> = {},
): Promise<void> {
  const early = sweeps ? plan.slice(0, 1) : plan;
  runClients(world, early);
  await world.drain();
  if (sweeps) {
    world.sweepLater();
    runClients(world, plan.slice(1));
    await world.drain();
    world.sweepSoon();
    await world.drain();
  }
  await comeToRest(world, deadLetters);
  if (sweeps) await sweepAll(world);
  await checkAtRest(world);
  if (backfills) await backfillAll(world);
  await repeatUnfinishedDeletions(world);
  await replayMessages(world);
}

/** Image types change and change back. */
const renewing: Step[] = [
  { kind: "retype" },
  { kind: "backfill", remove: false },
  { kind: "retype" },
  { kind: "backfill", remove: true },
  { kind: "retype" },
  { kind: "backfill", remove: true },
];

/** One backfill without faults brings every READY image to the configured renditions. */
async function backfillAll(world: World): Promise<void> {
  const { metadata } = world.stores;
  runClients(world, [[{ kind: "backfill", remove: true }]]);
  await world.drain();
  for (const name of metadata.names()) {
    const record = metadata.raw(name);
    if (record && backfillOf(record, { wanted: world.imageTypes, remove: true })) {
      const renditions = record.renditions?.map(({ imageType, format }) => `${imageType} as ${format}`).join(", ");
      throw new Violation("READY", `${name} has "${renditions}", not what is configured`);
    }
  }
  await checkAtRest(world);
}

/** Each name has a READY image before anything fails. */
async function establish(world: World, names: string[]): Promise<void> {
  world.calm();
  const details = { metadata: '{"first":true}', focus: { x: 0, y: 1 } };
  runClients(world, [names.map((name) => ({ kind: "put", name, upload: "good", tag: "first", details }))]);
  await world.drain();
  world.disturb();
}

function runClients(world: World, plan: Step[][]): void {
  for (const steps of plan) runClient(world, steps).catch((error: unknown) => world.fail(error as Error));
}

/**
 * Sweeps until two find nothing: one may begin in the middle. Each sends one upload of a name on its way, so that it
 * takes several.
 */
async function sweepAll(world: World): Promise<void> {
  let quiet = 0;
  for (let runs = 1; quiet < 2; runs++) {
    const before = world.queues.all.length;
    world.sweepLater();
    await world.drain();
    quiet = world.queues.all.length === before ? quiet + 1 : 0;
    if (runs === MOST_SWEEPS) throw new Violation("I9", `the sweep still finds something after ${runs} runs`);
  }
}

const MOST_SWEEPS = 20;

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
  world.announcements.atRest();
}

/**
 * An upload that expired while its message failed is lost; then its dead letter must tell so. An image that was given up
 * stays FAILED when its dead letter expires.
 */
function promisesOf({ history, queues, stores, undecoded }: World): Operation[] {
  const told = queues.all.filter(({ state }) => state === "dead").map(({ body }) => body);
  return history.operations.map((operation) => {
    const id = operation.upload?.versionId ?? "";
    const isTold = stores.temp.expired.has(id) && told.some((body) => body.includes(`"${id}"`));
    const promise = isTold ? { ...operation, acknowledged: false } : operation;
    return queues.lostLetters || undecoded.has(operation.upload?.contentHash ?? "") ? mayFail(promise) : promise;
  });
}

function mayFail(operation: Operation): Operation {
  const { upload } = operation;
  if (!upload?.outcomes.includes("READY")) return operation;
  return { ...operation, upload: { ...upload, outcomes: [...upload.outcomes, "FAILED"] } };
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
    const record = metadata.raw(original);
    for (const whole of manifestsOf(record, record?.live)) {
      const renditionsAlone = whole.replace(/\.\w+/, "");
      for (const manifest of [whole, renditionsAlone])
        world.queues.send("DeleteResolutionBasedImageQueue", JSON.stringify({ original, manifest }));
    }
  }
  for (const { name: original, upload } of world.history.operations) {
    if (upload === undefined || original === "") continue;
    const leftover = { original, upload: upload.versionId };
    world.queues.send("DeleteResolutionBasedImageQueue", JSON.stringify(leftover));
  }
  await world.drain();
  // A message that comes once more is a further try of an image that was given up.
  if (before.records.some(({ givenUp }) => givenUp)) return checkAtRest(world);
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
