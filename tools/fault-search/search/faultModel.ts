import { entriesOf, type Call } from "../world/actors";
import type { Choices } from "./choices";
import type { Random } from "./random";

/**
 * The outcomes of a port call. A killed run leaves at once; one that times out leaves too, but the calls that it
 * had under way may still land. `expire`: the visibility timeout of the run's messages ends while it works. `missing`:
 * S3 answers 404 for an upload that exists, as it may while a bucket's versioning is new. `again`: the SDK gave up the
 * first attempt, and it takes effect at some time after the one that was answered. `partly`: all entries of a batch but
 * the first fail. `retried`: the first attempt took effect, its answer was lost, and that of the next one is told.
 * `errorLater`: the SDK gave up all attempts, and one of them takes effect later.
 */
const faultKinds = [
  "none",
  "killBefore",
  "killAfter",
  "errorBefore",
  "errorAfter",
  "timeout",
  "expire",
  "missing",
  "again",
  "partly",
  "retried",
  "errorLater",
] as const;
export type Fault = (typeof faultKinds)[number];

/** Decides the fault of each call. */
export interface FaultModel {
  of(call: Call, step: number): Fault;
  /** How many extra copies of a message the queue delivers. */
  copies(): number;
  /** Whether the notification of an upload is lost. */
  loses(): boolean;
  /** The number of the decoder's fault, below `count`; 0 stands for none. */
  decoder(count: number): number;
}

export const noFaults: FaultModel = { of: () => "none", copies: () => 0, loses: () => false, decoder: () => 0 };

export interface FaultSettings {
  /** At most this many faults in one schedule, copies of messages included. */
  most: number;
  /** A stretch of steps in which half of all calls fail; a long one lasts through runs of the sweep, which it spares. */
  outage?: boolean | "long";
  /** Half of all reads of uploads answer 404. */
  newBucket?: boolean;
  /** Calls take effect once more, later, though their run lives on. */
  lateAttempts?: boolean;
  /** Calls fail, and take effect later. */
  lateErrors?: boolean;
  /** The SDK repeats calls that took effect. */
  retries?: boolean;
  /** Runs whose visibility timeout ended get every fault as well. */
  pairs?: boolean;
  /** Notifications are lost, as they are while a bucket's notification is new. */
  lostEvents?: boolean;
  /** The decoder's process dies, hangs or answers twice. */
  decoder?: boolean;
}

/** Indexes of `faultKinds`: what leads to the rarest situations comes oftener. */
const weights = [1, 2, 3, 4, 5, 6, 6];
const MISSING = faultKinds.indexOf("missing");
const AGAIN = faultKinds.indexOf("again");
const PARTLY = faultKinds.indexOf("partly");
const EXPIRE = faultKinds.indexOf("expire");
const RETRIED = faultKinds.indexOf("retried");
const ERROR_LATER = faultKinds.indexOf("errorLater");
/** The calls that change something. */
const writes =
  /^(temp\.delete|images\.(create|copy|put|delete)|edgeCaches\.forget|metadata\.update.*|\w+\.send|events\.put|deadLetters\.bury)$/;

/** Faults drawn from the schedule's choices. */
export function chosenFaults(choices: Choices, settings: FaultSettings): FaultModel {
  const { random } = choices;
  let left = choices.choose("plan", settings.most + 1, (r) => r.below(settings.most + 1));
  const rate = random.of([0.02, 0.05, 0.15]);
  const outageStart = random.below(60);
  const drawn = settings.pairs ? [...weights, EXPIRE, EXPIRE, EXPIRE] : weights;
  const outageLength = settings.outage ? 20 + random.below(settings.outage === "long" ? 600 : 60) : 0;

  const spend = (n: number, propose: (random: Random) => number): number => {
    const choice = choices.choose("faults", n, propose);
    if (choice !== 0) left -= 1;
    return choice;
  };
  return {
    of(call, step) {
      const { actor } = call;
      const spared = actor.state === "answered" || (actor.expired && !settings.pairs);
      if (settings.outage) {
        if (spared || actor.state !== "live") return "none";
        if (settings.outage === "long" && actor.functionName === "SweepProcess") return "none";
        const within = step >= outageStart && step < outageStart + outageLength;
        const failure = choices.choose("faults", 3, (r) => (within && r.chance(0.5) ? 1 + r.below(2) : 0));
        return failure === 0 ? "none" : failure === 1 ? "errorBefore" : "errorAfter";
      }
      if (left <= 0 || spared) return "none";
      const propose = (r: Random): number => {
        if (settings.newBucket && call.name === "temp.read" && r.chance(0.5)) return MISSING;
        if (settings.retries && writes.test(call.name) && r.chance(0.1)) return RETRIED;
        if (settings.lateErrors && writes.test(call.name) && r.chance(0.1)) return ERROR_LATER;
        if (settings.lateAttempts && writes.test(call.name) && r.chance(0.2)) return AGAIN;
        if (entriesOf(call) > 1 && r.chance(0.2)) return PARTLY;
        return r.chance(rate) ? r.of(drawn) : 0;
      };
      const fault = faultKinds[spend(faultKinds.length, propose)] ?? "none";
      return applicable(fault, call) ? fault : "none";
    },
    loses: () => Boolean(settings.lostEvents) && spend(2, (r) => (r.chance(0.4) ? 1 : 0)) === 1,
    decoder: (count) =>
      settings.decoder && left > 0 ? spend(count, (r) => (r.chance(0.4) ? 1 + r.below(count - 1) : 0)) : 0,
    copies: () => (left > 0 ? spend(3, (r) => (r.chance(rate) ? 1 + r.below(2) : 0)) : 0),
  };
}

/** Whether a fault can happen to a call. */
export function applicable(fault: Fault, call: Call): boolean {
  const { actor, name } = call;
  // A late call of a dead run either lands or is lost.
  if (actor.state === "dead") return fault === "killBefore";
  if (actor.functionName === "timeToLive" || actor.functionName === "index") return false;
  if (actor.functionName === "client") return fault === "errorBefore" || fault === "errorAfter";
  if (fault === "missing") return name === "temp.read";
  if (fault === "retried") return writes.test(name) && call.retried === undefined;
  if (fault === "again" || fault === "errorLater") return writes.test(name);
  if (fault === "partly") return entriesOf(call) > 1;
  return fault !== "expire" || actor.messages.length > 0;
}
