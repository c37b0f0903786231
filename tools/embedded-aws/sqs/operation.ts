import type { HeldPolicy } from "../iam/policyDocument";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import type { Principal } from "../iam/principal";
import type { Engine } from "./engine";
import type { Input } from "./input";
import type { MoveTasks } from "./moveTasks";
import type { Queue } from "./queueStore";

/** The parts of the service that an operation needs. */
export interface Sqs {
  engine: Engine;
  tasks: MoveTasks;
  iam: Iam;
  place: Place;
  urlOf: (queueName: string) => string;
  arnOf: (queueName: string) => string;
}

/** One request to one operation. */
export interface Call {
  input: Input;
  principal: Principal;
  secure: boolean;
  /** The request's `X-Amzn-Trace-Id`. */
  traceHeader?: string;
  /** Aborts when the client is gone: a receive must not take messages then. */
  signal?: AbortSignal;
}

export type Operation = (sqs: Sqs, call: Call) => unknown;

/** A queue's policy, if it has one. */
export const heldPolicy = ({ arn, settings }: Queue): HeldPolicy | undefined =>
  settings.policy && { holder: arn, name: "queue policy", document: settings.policy };

/** Throws AccessDenied unless the caller, or the queue's policy, allows the action on the queue. */
export function authorize(sqs: Sqs, call: Pick<Call, "principal" | "secure">, action: string, queue: Queue): void {
  sqs.iam.authorize({
    principal: call.principal,
    action: `sqs:${action}`,
    resource: queue.arn,
    resourcePolicy: heldPolicy(queue),
    secure: call.secure,
  });
}
