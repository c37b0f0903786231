import { runClient, type Step } from "../world/clients";
import type { Call, FunctionName, Task } from "../world/actors";
import { seededChoices } from "./choices";
import { applicable, type Fault, type FaultModel } from "./faultModel";
import type { Handlers } from "../world/deployedHandlers";
import { conclude, live, type Outcome } from "./runSchedule";
import type { DeadLetters } from "./scenarios";
import type { Strategy } from "./strategy";
import type { UploadKind } from "../world/simulatedImages";
import { MAX_RECEIVES } from "../world/stores/queues";
import type { Trace } from "../world/trace";
import { World } from "../world/world";

/** A short story that brings functions to certain calls, always in the same way. */
export interface Situation {
  name: string;
  /** Each part comes to rest before the next one begins. */
  parts: Step[][];
  /** Who goes next where several could: else the one that had the last turn, clients before messages. */
  next?: Strategy;
  /** Faults that belong to the story: the first call of this name of this function. */
  before?: { functionName: FunctionName; call: string; fault: Fault }[];
  poison?: boolean;
  /** The uploads, counted from 1, of which S3 does not tell. */
  untold?: number[];
  /** The states of images are announced; one change cannot be read. */
  announces?: boolean;
  /**
   * Hours after the last part the sweep runs, and may fail; then until it finds nothing. `after faults`: the story
   * itself leaves nothing for it to find.
   */
  sweeps?: boolean | "after faults";
  /** Default: moved back. */
  deadLetters?: DeadLetters;
}

/** Every upload but that with the tag 2 has details. */
const put = (upload: UploadKind, tag: string, name = "a.jpg"): Step => ({
  kind: "put",
  name,
  upload,
  tag,
  details: tag === "2" ? {} : { metadata: JSON.stringify({ tag }), focus: { x: 0.25, y: 0.75 } },
});
const retype: Step = { kind: "retype" };
const backfill = (removes: boolean): Step => ({ kind: "backfill", remove: removes });
const remove: Step = { kind: "delete", name: "a.jpg" };

export const situations: Situation[] = [
  { name: "upload", parts: [[put("good", "1")]] },
  { name: "upload again", parts: [[put("good", "1")], [put("good", "2")]] },
  {
    name: "an upload that fits into several boxes, and is deleted",
    parts: [[put("dot", "1")], [remove]],
  },
  { name: "two uploads, the newer message first", parts: [[put("good", "1"), put("good", "2")]], next: newestFirst },
  { name: "two uploads, the older message first", parts: [[put("good", "1"), put("good", "2")]] },
  { name: "rejected", parts: [[put("bad", "1")]] },
  { name: "rejected over a good image", parts: [[put("good", "1")], [put("bad", "2")]] },
  { name: "rejected for its user metadata", parts: [[put("good", "1")], [put("garbled", "2")]] },
  { name: "undecodable", parts: [[put("hollow", "1")]] },
  {
    name: "undecodable, and the run that found out died",
    parts: [[put("hollow", "1")]],
    before: times(1, "ResolutionBasedImagePutProcess", "metadata.updateRaw", "killAfter"),
  },
  {
    name: "the last try succeeds",
    parts: [[put("good", "1")]],
    before: times(MAX_RECEIVES - 1, "ResolutionBasedImagePutProcess", "images.read", "errorBefore"),
  },
  {
    name: "all that a name can be is announced",
    parts: [[put("good", "1")], [put("hollow", "2")], [put("bad", "3")], [remove], [put("good", "4")]],
    announces: true,
  },
  {
    name: "an image that was given up and is made after all is announced",
    parts: [[put("good", "1")]],
    before: times(MAX_RECEIVES - 1, "ResolutionBasedImagePutProcess", "images.read", "errorBefore"),
    announces: true,
  },
  {
    name: "an image that was given up and is damaged, too, is announced",
    parts: [[put("hollow", "1")]],
    before: times(MAX_RECEIVES - 1, "ResolutionBasedImagePutProcess", "images.read", "errorBefore"),
    announces: true,
  },
  {
    name: "an image is announced to a bus that fails once",
    parts: [[put("good", "1")]],
    before: times(1, "ImageEventProcess", "events.put", "errorBefore"),
    announces: true,
  },
  { name: "no name", parts: [[put("good", "1", "")]] },
  { name: "deleted", parts: [[put("good", "1")], [remove]] },
  { name: "deleted twice", parts: [[put("good", "1")], [remove], [remove]] },
  { name: "deleted and uploaded again", parts: [[put("good", "1")], [remove], [put("good", "2")]] },
  { name: "deleted while the upload waits", parts: [[put("good", "1"), remove]] },
  {
    name: "deleted while more uploads wait than a record can name",
    parts: [[put("good", "1"), put("good", "2"), put("good", "3"), put("good", "4"), remove]],
  },
  {
    name: "a DELETE of more uploads than a record can name that died after it had decided",
    parts: [[put("good", "1"), put("good", "2"), put("good", "3"), put("good", "4"), remove]],
    before: times(1, "RawImageDeleteProcess", "metadata.updateRaw", "killAfter"),
  },
  { name: "deleted, though unknown", parts: [[remove]] },
  {
    name: "cancelled by a DELETE that died",
    parts: [[put("good", "1")], [put("good", "2"), remove]],
    before: times(1, "RawImageDeleteProcess", "metadata.updateRaw", "killAfter"),
  },
  {
    name: "deleted after the upload's run died",
    parts: [[put("good", "1"), remove]],
    next: freshMessagesFirst,
    before: times(1, "RawImagePutProcess", "images.copy", "killAfter"),
  },
  {
    name: "overtaken after the upload's run died",
    parts: [[put("good", "1"), put("good", "2")]],
    before: times(1, "RawImagePutProcess", "images.copy", "killAfter"),
  },
  {
    name: "deleted before a run stored its renditions and died",
    parts: [[put("good", "1"), remove]],
    next: renditionsLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.create", "killAfter"),
  },
  {
    name: "deleted before a run stores its renditions that was slower than another one",
    parts: [[put("good", "1"), remove]],
    next: slowerRunLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.read", "expire"),
    sweeps: true, // where the slower run dies after that, nothing else finds what it stored
  },
  {
    name: "deleted before a run stores the original that was slower than another one",
    parts: [[put("good", "1"), remove]],
    next: slowerCopyAfterClearing,
    before: times(1, "RawImagePutProcess", "temp.read", "expire"),
    sweeps: "after faults",
  },
  {
    name: "a DELETE of whose two messages SQS takes one",
    parts: [[put("good", "1")], [put("hollow", "2")], [remove]],
    before: times(1, "RawImageDeleteProcess", "deleteQueue.send", "partly"),
  },
  {
    name: "deleted again while the deleted record expires and an upload is taken in",
    parts: [[put("good", "1")], [remove], [{ kind: "weeks" }, put("good", "2"), remove]],
    next: expiryAfterReading,
  },
  {
    name: "rejected under stricter limits after its run died",
    parts: [[put("long", "1"), { kind: "redeploy" }]],
    next: freshMessagesFirst,
    before: times(1, "RawImagePutProcess", "images.copy", "killAfter"),
  },
  { name: "poison", parts: [[put("good", "1")]], poison: true },
  {
    name: "two uploads of which S3 does not tell",
    parts: [[put("good", "1"), put("bad", "2")]],
    untold: [1, 2],
    sweeps: true,
  },
  {
    name: "an upload of which S3 does not tell, begun before S3 had finished the one before it",
    parts: [[put("good", "1"), put("good", "2"), put("good", "3")]],
    untold: [3],
    sweeps: true,
  },
  {
    name: "renditions whose message is a dead letter",
    parts: [[put("good", "1")]],
    before: times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "metadata.readRaw", "killBefore"),
    sweeps: true,
  },
  {
    name: "renditions of a second upload whose message is a dead letter",
    parts: [[put("good", "1")], [put("good", "2")]],
    before: [
      ...times(1, "ResolutionBasedImagePutProcess", "metadata.readRaw", "none"),
      ...times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "metadata.readRaw", "killBefore"),
    ],
    sweeps: true,
  },
  { name: "an image of the first releases", parts: [[put("good", "1")], [{ kind: "unlist" }]], sweeps: true },
  {
    name: "a DELETE that died after it had decided",
    parts: [[put("good", "1")], [put("good", "2"), remove]],
    before: times(1, "RawImageDeleteProcess", "metadata.updateRaw", "killAfter"),
    untold: [2],
    sweeps: true,
  },
  {
    name: "a DELETE that died before it said that nothing is left",
    parts: [[put("good", "1"), remove]],
    before: [
      ...times(2, "RawImageDeleteProcess", "metadata.updateRaw", "none"),
      ...times(1, "RawImageDeleteProcess", "metadata.updateRaw", "killBefore"),
    ],
    sweeps: true,
  },
  {
    name: "deleted by a DELETE that had not listed the upload, which no run could remove",
    parts: [[{ kind: "beside", steps: [remove] }, put("good", "1")], []],
    next: deleteLastButItsList,
    before: times(MAX_RECEIVES, "RawImagePutProcess", "temp.delete", "killBefore"),
    sweeps: true,
  },
  {
    name: "deleted by a DELETE that had not listed the upload, which was rejected and no run could remove",
    parts: [[{ kind: "beside", steps: [remove] }, put("bad", "1")], []],
    next: deleteLastButItsList,
    before: times(MAX_RECEIVES, "RawImagePutProcess", "temp.delete", "killBefore"),
    sweeps: true,
  },
  { name: "backfilled", parts: [[put("good", "1")], [retype, backfill(true)]] },
  {
    name: "backfilled while another upload is taken in",
    parts: [[put("good", "1")], [retype, backfill(true), put("good", "2")]],
    next: renditionsLast,
  },
  {
    name: "deleted while it is backfilled",
    parts: [[put("good", "1")], [retype, backfill(true), remove]],
    next: renditionsLast,
  },
  {
    name: "deleted by a DELETE that had read the record before a backfill",
    parts: [[put("good", "1")], [retype, backfill(true), remove]],
    next: decisionOfDeleteLast,
  },
  {
    name: "backfilled once more, by a run that dies, after a backfill whose message expired",
    parts: [
      [put("good", "1"), retype, backfill(true)],
      [retype, backfill(true)],
    ],
    next: lateAttemptsLast,
    before: [
      ...times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
      ...times(1, "ResolutionBasedImagePutProcess", "metadata.updateRaw", "killAfter", 2),
    ],
    deadLetters: "expire",
    sweeps: "after faults",
  },
  {
    name: "uploaded again, by a run that dies, after a backfill whose message expired",
    parts: [[put("good", "1"), retype, backfill(true)], [put("good", "2")]],
    next: lateAttemptsLast,
    before: [
      ...times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
      ...times(1, "RawImagePutProcess", "metadata.updateRaw", "killAfter", 1),
    ],
    deadLetters: "expire",
    sweeps: "after faults",
  },
  {
    name: "backfilled once more after a backfill that died",
    parts: [[put("good", "1"), retype, backfill(true), retype, backfill(true)]],
    next: lateAttemptsLast,
    before: times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
  },
  {
    name: "backfilled once more after a backfill that died, by an update that the SDK repeats",
    parts: [[put("good", "1"), retype, backfill(true), retype, backfill(true)]],
    next: lateAttemptsLast,
    before: [
      ...times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
      ...times(1, "ResolutionBasedImagePutProcess", "metadata.updateRaw", "retried", 2),
    ],
  },
  {
    name: "backfilled, and the SDK repeats the last update",
    parts: [[put("good", "1")], [retype, backfill(true)]],
    before: times(1, "ResolutionBasedImagePutProcess", "metadata.updateRaw", "retried", 2),
  },
  {
    name: "uploaded again after a backfill that died",
    parts: [[put("good", "1"), retype, backfill(true), put("good", "2")]],
    next: lateAttemptsLast,
    before: times(MAX_RECEIVES, "ResolutionBasedImagePutProcess", "images.create", "killAfter", 3),
  },
  {
    name: "backfilled before a run stores its renditions that was slower than another one",
    parts: [[put("good", "1"), retype, backfill(true)]],
    next: slowerRunLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.read", "expire"),
    sweeps: true, // where the slower run dies after that, nothing else finds what it stored
  },
  {
    name: "a rendition that is stored again late, after a backfill has replaced it",
    parts: [[put("good", "1"), retype, backfill(true)]],
    next: lateAttemptsLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.create", "again"),
    sweeps: true,
  },
  {
    name: "an original that is stored again late",
    parts: [[put("good", "1"), remove]],
    next: lateAttemptsLast,
    before: times(1, "RawImagePutProcess", "images.copy", "again"),
    sweeps: true,
  },
  {
    name: "a rendition of a damaged image that is stored again late",
    parts: [[put("hollow", "1")]],
    next: lateAttemptsLast,
    before: times(1, "ResolutionBasedImagePutProcess", "images.create", "again"),
    sweeps: true,
  },
];

/** The same fault of the first calls of this name of this function, but for those that are spared. */
function times(
  count: number,
  functionName: FunctionName,
  call: string,
  fault: Fault,
  spared = 0,
): Required<Situation>["before"] {
  return Array.from({ length: spared + count }, (_, at) => ({
    functionName,
    call,
    fault: at < spared ? "none" : fault,
  }));
}

/** Plays a situation. `faultOf` adds faults by the number of the call, from 0; clients' calls are not counted. */
export async function play(
  situation: Situation,
  handlers: Handlers,
  {
    faultOf,
    observe,
    trace,
  }: { faultOf?: (index: number, call: Call) => Fault; observe?: (call: Call) => void; trace?: Trace } = {},
): Promise<Outcome & { calls: number }> {
  let calls = 0;
  let uploads = 0;
  const waiting = [...(situation.before ?? [])];
  const faults: FaultModel = {
    copies: () => 0,
    loses: () => situation.untold?.includes(++uploads) ?? false,
    of(call) {
      if (call.actor.functionName === "client" || call.actor.state !== "live") return "none";
      const story = waiting.findIndex(
        (fault) => fault.functionName === call.actor.functionName && fault.call === call.name,
      );
      const told = story >= 0 ? waiting.splice(story, 1)[0]?.fault : undefined;
      calls += 1;
      const added = faultOf?.(calls - 1, call) ?? "none";
      return told ?? (applicable(added, call) ? added : "none");
    },
  };
  const strategy = situation.next ?? ((): number => 0);
  const choices = seededChoices(0, situation.name);
  const { announces } = situation;
  const world = new World({
    handlers,
    choices,
    strategy,
    faults,
    batch: 1,
    announces,
    backfills: true,
    trace,
    observe,
  });
  const outcome = await conclude(world, async () => {
    if (situation.poison) world.send("DeleteResolutionBasedImageQueue", "null", { poison: true });
    world.changed("unreadable", { before: undefined, after: undefined, unreadable: true });
    const last = situation.parts.at(-1) ?? [];
    for (const part of situation.parts.slice(0, -1)) {
      runClient(world, part).catch((error: unknown) => world.fail(error as Error));
      await world.drain();
    }
    const sweeps = situation.sweeps === "after faults" ? faultOf !== undefined : situation.sweeps;
    await live(world, [last], { sweeps, deadLetters: situation.deadLetters });
  });
  return { ...outcome, calls };
}

/** Runs are left alone; of several messages the newest is delivered first. */
function newestFirst(tasks: Task[]): number {
  const delivery = tasks.findLastIndex((task) => task.kind === "delivery");
  return tasks[0]?.kind === "call" ? 0 : delivery;
}

/** Runs are left alone; a message that was never delivered comes before clients, and these before redeliveries. */
function freshMessagesFirst(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind === "delivery") return task.message.receives === 0 ? 1 : 3;
    if (task.kind === "changes") return 1;
    return task.call.actor.functionName === "client" ? 2 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** A run reads the record and the upload, then the record expires, then clients go on, and then the run. */
function expiryAfterReading(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, ordinal, name } = task.call;
    if (name === "PUT") return 1;
    if (actor.functionName === "timeToLive") return 2;
    if (actor.functionName === "RawImagePutProcess") return ordinal <= 2 ? 0 : 4;
    return 3;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** A DELETE lists the uploads first, and does all else last. */
function deleteLastButItsList(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, name } = task.call;
    if (actor.functionName === "RawImageDeleteProcess") return name === "temp.versions" ? 0 : 3;
    return actor.functionName === "client" ? (name === "DELETE" ? 0 : 2) : 1;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** Clients come first, and a DELETE decides after all messages. */
function decisionOfDeleteLast(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, name } = task.call;
    if (actor.functionName === "RawImageDeleteProcess") return name === "metadata.updateRaw" ? 2 : 0;
    return actor.functionName === "client" ? 0 : 1;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** Runs and messages come before clients, and renditions are stored last. */
function renditionsLast(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, name } = task.call;
    if (actor.functionName === "ResolutionBasedImagePutProcess" && name === "images.create") return 3;
    return actor.functionName === "client" ? 2 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** A run whose message was delivered again goes on after the other one, and after clients. */
function slowerRunLast(tasks: Task[]): number {
  const slower = slowerRun(tasks);
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { functionName, id } = task.call.actor;
    if (functionName === "client") return 2;
    return id === slower ? 3 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** The older one of two runs that work on one message. */
function slowerRun(tasks: Task[]): number {
  const runs = tasks.flatMap((task) => (task.kind === "call" && task.call.actor.expired ? [task.call.actor.id] : []));
  return Math.min(...runs);
}

/**
 * A run whose message was delivered again stores the original after a DELETE has cleared away what the other one recorded,
 * and before either of the two removes the upload.
 */
function slowerCopyAfterClearing(tasks: Task[]): number {
  const slower = slowerRun(tasks);
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    const { actor, name } = task.call;
    if (actor.id === slower) return name === "images.copy" ? 3 : 0;
    if (name === "temp.delete") return 4;
    return actor.functionName === "client" || actor.functionName === "RawImageDeleteProcess" ? 2 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}

/** Runs and messages come before clients, and attempts that were given up come last. */
function lateAttemptsLast(tasks: Task[]): number {
  const ranks = tasks.map((task): number => {
    if (task.kind !== "call") return 1;
    if (task.call.again) return 3;
    return task.call.actor.functionName === "client" ? 2 : 0;
  });
  return ranks.indexOf(Math.min(...ranks));
}
