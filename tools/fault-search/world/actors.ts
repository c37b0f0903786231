import type { consumers, Message, QueueName } from "./stores/queues";
import type { Shard } from "./stores/recordStream";

/** The functions behind the queues, and those behind `DELETE`, the schedule and the table's stream. */
export type FunctionName =
  (typeof consumers)[QueueName]["functionName"] | "RawImageDeleteProcess" | "SweepProcess" | "ImageEventProcess";

/** A client, one run of a function, or what DynamoDB does: it removes an item that expired, and indexes one that changed. */
export interface Actor {
  id: number;
  /** `RawImagePutProcess#3` */
  label: string;
  functionName: FunctionName | "client" | "timeToLive" | "index";
  /** `answered`: the function returned, though calls of its own may still be under way. */
  state: "live" | "dead" | "answered";
  messages: Message[];
  /** How many port calls it made. */
  calls: number;
  /** Its visibility timeout ended while it worked: it runs beside a second delivery, and is spared other faults. */
  expired: boolean;
  /** Called when a run behind the API dies. */
  onDeath?: (error: Error) => void;
  /** Told when no call of its own can take effect any more. */
  onOver?: () => void;
}

/** One port call that waits for its turn. */
export interface Call {
  actor: Actor;
  name: string;
  about: readonly unknown[];
  /** The number of the call within its run, from 1. */
  ordinal: number;
  effect: (most?: number) => unknown;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  /** The call was answered already; this is an earlier attempt that takes effect late. */
  again?: true;
  /** It was answered with an error. */
  failed?: true;
  /** An attempt of it took effect, and its answer was lost. */
  retried?: true;
  /** Where the handler made the call; only known while points are counted. */
  site?: string;
}

/** How many parts a call has: more than one where it is a batch, which may fail partly. A bus refuses single events, too. */
export const entriesOf = ({ name, about }: Call): number => {
  if (name === "events.put") return about.length + 1;
  return name.endsWith(".send") ? about.length : name === "temp.delete" ? about.length - 1 : 1;
};

/** The name of the error of a batch of which some entries failed. */
export const PARTLY_FAILED = "PartlyFailed";

export type Task =
  { kind: "call"; call: Call } | { kind: "delivery"; message: Message } | { kind: "changes"; shard: Shard };

/** Tasks of one owner belong together: going on with another owner's is a context switch. */
export const ownerOf = (task: Task): number => {
  if (task.kind === "delivery") return -task.message.id;
  if (task.kind === "changes") return -2_000_000 - task.shard.id;
  return task.call.again ? -1_000_000 - task.call.actor.id : task.call.actor.id;
};
