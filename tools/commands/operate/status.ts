import { chosenTarget, type ServiceFlags } from "../support/chosenService";
import { pairsOf } from "../redrive/queues";
import { type AlarmNotOk, alarmsNotOk, alarmStates } from "../support/alarmStates";
import { columns } from "../support/columns";
import type { Target } from "../support/target";
import { type QueueDepth, queueDepths } from "./queueDepths";
import { MOST, type StatusCount, statusCounts } from "./statusCounts";
import { longest, spanText, type Waiting } from "./waiting";
import { waitingUploads } from "./waitingUploads";

/** A stack at a glance. */
export interface StackStatus {
  stack: string;
  names: StatusCount[];
  /** Uploads that are not taken in yet; counting ends at {@link MOST}. */
  uploads: number;
  /** Of those, and of recorded ones that are not READY, the one that was uploaded first. */
  longestWaiting?: Waiting & { seconds: number };
  queues: QueueDepth[];
  alarms: AlarmNotOk[];
}

/** `snail status`. Ends with 1 where there is a dead letter, or an alarm that is raised. */
export async function run({ json, ...flags }: ServiceFlags & { json: boolean }): Promise<number> {
  const status = await stackStatus(chosenTarget(flags), Date.now());
  console.log(json ? JSON.stringify(status, undefined, 2) : statusText(status));
  const isFine =
    status.queues.every(({ deadLetters }) => deadLetters === 0) &&
    status.alarms.every(({ state }) => state !== "ALARM");
  return isFine ? 0 : 1;
}

async function stackStatus(target: Target, now: number): Promise<StackStatus> {
  const [recorded, stored, queues, states] = await Promise.all([
    statusCounts(target),
    waitingUploads(target),
    queueDepths(target.sqs, pairsOf(target)),
    alarmStates(target),
  ]);
  const first = longest([recorded.waiting, stored.waiting]);
  return {
    stack: target.stack,
    names: recorded.names,
    uploads: stored.uploads,
    ...(first && {
      longestWaiting: { ...first, seconds: Math.max(0, Math.round((now - Date.parse(first.uploadedAt)) / 1000)) },
    }),
    queues,
    alarms: alarmsNotOk(target.alarmNames, states),
  };
}

/** The tables of `snail status`. */
export function statusText({ stack, names, uploads, longestWaiting, queues, alarms }: StackStatus): string {
  const count = (value: number): string => (value >= MOST ? `${MOST.toLocaleString("en-GB")}+` : String(value));
  return [
    `Stack ${stack}`,
    "",
    ...columns([["names", ""], ...names.map(({ status, names: total }) => [status, count(total)])]),
    "",
    `Uploads that are not taken in yet: ${count(uploads)}`,
    `Waits longest: ${longestWaiting ? waitingText(longestWaiting) : "none"}`,
    "",
    ...columns([
      ["queue", "waiting", "in flight", "dead letters"],
      ...queues.map(({ name, waiting, inFlight, deadLetters }) => [
        name,
        ...[waiting, inFlight, deadLetters].map(String),
      ]),
    ]),
    "",
    ...(alarms.length === 0
      ? ["All alarms are OK."]
      : columns(alarms.map(({ name, state, reason }) => [name, state, reason]))),
  ].join("\n");
}

const waitingText = ({ name, status, uploadedAt, seconds }: NonNullable<StackStatus["longestWaiting"]>): string =>
  `${name}, ${status}, uploaded ${spanText(seconds)} ago (${uploadedAt})`;
