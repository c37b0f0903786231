import type { Call } from "./http/server";
import { AwsError } from "./http/awsError";
import type { LambdaAdmin } from "./lambda/lambda";

/** Failures that are injected, of kinds that occur on AWS too. Percentages are of calls or messages. */
export interface FaultRates {
  /** Calls of functions that are throttled. */
  throttle: number;
  /** Calls of functions that fail with an internal error, before they take effect. */
  error: number;
  /** Messages that are delivered twice. */
  duplicate: number;
  /** Seconds between two kills of a function's process, 0 for none. */
  kill: number;
  /** Calls of functions that take effect, and whose answers are lost; none by default. */
  answer?: number;
  /** S3's notifications that are lost; none by default. */
  lose?: number;
  /** Seconds after which the messages of a failed batch come again, instead of at the end of their visibility timeout. */
  retry?: number;
  /** How many functions the account runs at once; more are throttled. */
  concurrency?: number;
}

export const faultNames = ["throttle", "error", "duplicate", "kill", "answer", "lose", "retry", "concurrency"] as const;

/** A day: timers hold no more than 24 of them. */
const MOST_SECONDS = 86_400;
/** When a failed message comes again in a run in which a fault was ordered: a person looks on. */
const ORDERED_RETRY_SECONDS = 2;

/**
 * Reads rates of faults as a flag gives them.
 * @throws Error that names the bad part and all that is allowed
 * @example
 * parseFaults("throttle=2,kill=5"); // { throttle: 2, error: 0, duplicate: 0, kill: 5 }
 */
export function parseFaults(text: string): FaultRates {
  const rates: FaultRates = { throttle: 0, error: 0, duplicate: 0, kill: 0 };
  for (const part of text.split(",")) {
    const [, name, value] = /^([a-z]+)=(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    const known = faultNames.find((fault) => fault === name);
    const most = known === "kill" || known === "retry" ? MOST_SECONDS : known === "concurrency" ? 1000 : 100;
    if (!known || Number(value) > most) {
      throw new Error(
        `faults must be like throttle=2,error=1,duplicate=10,kill=5,answer=1,lose=1,retry=1,concurrency=10 (percent of ` +
          `calls, percent of calls, percent of messages, seconds, percent of calls, percent of notifications, seconds, ` +
          `functions; at most 100 percent, ${MOST_SECONDS} seconds and 1000 functions); got "${part}"`,
      );
    }
    rates[known] = Number(value);
  }
  return rates;
}

/** A fault that is to strike at its next occasion. `kill` and `answer` strike calls that write. */
interface FaultOrder {
  kind: "throttle" | "kill" | "answer" | "duplicate";
  /** ARN of the role whose calls it strikes; the queue's for `duplicate`. */
  of: string;
  /** How many times it is still to strike. */
  times: number;
}

type FaultKind = "throttle" | "error" | "duplicate" | "kill" | "answer" | "lose";

/** A fault that has struck. */
export interface Strike {
  kind: FaultKind;
  /** ARN of the role or queue; undefined for a random kill, and for a lost notification. */
  of?: string;
  /** The call: `s3:PUT /bucket/key`, `dynamodb:UpdateItem`. */
  call?: string;
}

export interface Faults {
  /** Number of injected faults of each kind. */
  readonly struck: Record<FaultKind, number>;
  /** Orders that have not struck as often as they are to. */
  readonly orders: readonly FaultOrder[];
  order(order: FaultOrder): void;
  /** Calls `listener` with each fault that strikes; returns what ends that. */
  onStrike(listener: (strike: Strike) => void): () => void;
  onCall(call: Call): void;
  /** Whether the answer of a call that took effect is lost. */
  losesAnswer(call: Call): boolean;
  duplicate(queueArn: string): boolean;
  /** Whether S3 loses a notification. */
  lose(): boolean;
  /** See FaultRates; a few seconds once a fault was ordered. */
  retrySeconds(): number | undefined;
  /** Begins to kill functions; returns what ends that. */
  startKilling(lambda: Pick<LambdaAdmin, "killEnvironment">): () => void;
}

/** @param random a number from 0 up to 1 */
export function createFaults(rates: FaultRates, random: () => number = Math.random): Faults {
  const struck = { throttle: 0, error: 0, duplicate: 0, kill: 0, answer: 0, lose: 0 };
  const orders: FaultOrder[] = [];
  const listeners = new Set<(strike: Strike) => void>();
  let retry = rates.retry;
  let victims: Pick<LambdaAdmin, "killEnvironment"> | undefined;

  const report = (strike: Strike): true => {
    struck[strike.kind] += 1;
    for (const listener of listeners) listener(strike);
    return true;
  };
  const isOrdered = (kind: FaultOrder["kind"], of: string): boolean => {
    const order = orders.find((order) => order.kind === kind && order.of === of);
    if (!order) return false;
    order.times -= 1;
    if (order.times <= 0) orders.splice(orders.indexOf(order), 1);
    return true;
  };
  const isDrawn = (kind: Exclude<FaultKind, "kill">): boolean => random() * 100 < (rates[kind] ?? 0);

  return {
    struck,
    orders,
    order(order) {
      orders.push({ ...order });
      retry ??= ORDERED_RETRY_SECONDS;
    },
    onStrike(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onCall(call) {
      const { service, principal } = call;
      if (principal.kind !== "role") return;
      const strike = { of: principal.arn, call: textOf(call) };
      if (isOrdered("throttle", principal.arn) || isDrawn("throttle")) {
        report({ kind: "throttle", ...strike });
        throw throttled(service);
      }
      if (isDrawn("error")) {
        report({ kind: "error", ...strike });
        throw new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");
      }
      if (writes(call) && isOrdered("kill", principal.arn)) {
        victims?.killEnvironment(principal.arn);
        report({ kind: "kill", ...strike });
      }
    },
    losesAnswer(call) {
      const { kind, arn } = call.principal;
      if (kind !== "role") return false;
      const isLost = (writes(call) && isOrdered("answer", arn)) || isDrawn("answer");
      return isLost && report({ kind: "answer", of: arn, call: textOf(call) });
    },
    duplicate: (queueArn) =>
      (isOrdered("duplicate", queueArn) || isDrawn("duplicate")) && report({ kind: "duplicate", of: queueArn }),
    lose: () => isDrawn("lose") && report({ kind: "lose" }),
    retrySeconds: () => retry,
    startKilling(lambda) {
      victims = lambda;
      if (rates.kill === 0) return () => undefined;
      const timer = setInterval(() => {
        if (lambda.killEnvironment() !== undefined) report({ kind: "kill" });
      }, rates.kill * 1000);
      return () => clearInterval(timer);
    },
  };
}

/** Whether a call changes what is stored. */
function writes({ operation, method }: Call): boolean {
  return operation === undefined
    ? ["PUT", "POST", "DELETE"].includes(method)
    : /^(Put|Update|Delete|Send|TransactWrite|BatchWrite)/.test(operation);
}

const textOf = ({ service, operation, method, path }: Call): string => `${service}:${operation ?? `${method} ${path}`}`;

/** As each service says it. */
function throttled(service: string): AwsError {
  switch (service) {
    case "s3":
      return new AwsError(503, "SlowDown", "Please reduce your request rate.");
    case "dynamodb":
      return new AwsError(400, "ThrottlingException", "Rate of requests exceeds the allowed throughput.");
    default:
      return new AwsError(403, "RequestThrottled", "Request is throttled.");
  }
}
