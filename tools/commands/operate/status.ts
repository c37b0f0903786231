import { serviceOf, type ServiceFlags } from "../images/service";
import { pairsOf } from "../redrive/queues";
import { alarmStates } from "../support/alarmStates";
import { columns } from "../support/columns";
import type { Target } from "../support/target";
import { type QueueDepth, queueDepths } from "./queueDepths";
import { MOST, type StatusCount, statusCounts } from "./statusCounts";

/** A stack at a glance. */
export interface StackStatus {
  stack: string;
  names: StatusCount[];
  queues: QueueDepth[];
  /** Alarms that are not OK. */
  alarms: { name: string; state: string; reason: string }[];
}

/** `snail status`. Ends with 1 where there is a dead letter, or an alarm that is raised. */
export async function run({ json, ...flags }: ServiceFlags & { json: boolean }): Promise<number> {
  const status = await stackStatus(serviceOf(flags).target);
  console.log(json ? JSON.stringify(status, undefined, 2) : statusText(status));
  const isFine =
    status.queues.every(({ deadLetters }) => deadLetters === 0) &&
    status.alarms.every(({ state }) => state !== "ALARM");
  return isFine ? 0 : 1;
}

async function stackStatus(target: Target): Promise<StackStatus> {
  const [names, queues, states] = await Promise.all([
    statusCounts(target),
    queueDepths(target.sqs, pairsOf(target)),
    alarmStates(target),
  ]);
  const alarms = states
    .filter(({ StateValue }) => StateValue !== "OK")
    .map(({ AlarmName, StateValue, StateReason }) => ({ name: AlarmName, state: StateValue, reason: StateReason }));
  return { stack: target.stack, names, queues, alarms };
}

/** The tables of `snail status`. */
export function statusText({ stack, names, queues, alarms }: StackStatus): string {
  const count = (value: number): string => (value >= MOST ? `${MOST.toLocaleString("en-GB")}+` : String(value));
  return [
    `Stack ${stack}`,
    "",
    ...columns([
      ["names", "", "the first of them"],
      ...names.map(({ status, names: total, oldest }) => [
        status,
        count(total),
        oldest ? `${oldest.name}, made ${oldest.createdAt}` : "",
      ]),
    ]),
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
