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
  /** S3's notifications that are lost; none by default. */
  lose?: number;
  /** Seconds after which the messages of a failed batch come again, instead of at the end of their visibility timeout. */
  retry?: number;
  /** How many functions the account runs at once; more are throttled. */
  concurrency?: number;
}

export const faultNames = ["throttle", "error", "duplicate", "kill", "lose", "retry", "concurrency"] as const;

/** A day: timers hold no more than 24 of them. */
const MOST_SECONDS = 86_400;

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
        `faults must be like throttle=2,error=1,duplicate=10,kill=5,lose=1,retry=1,concurrency=10 (percent of calls, percent ` +
          `of calls, percent of messages, seconds, percent of notifications, seconds, functions; at most 100 percent, ` +
          `${MOST_SECONDS} seconds and 1000 functions); got "${part}"`,
      );
    }
    rates[known] = Number(value);
  }
  return rates;
}

export interface Faults {
  /** Number of injected faults of each kind. */
  readonly struck: Record<"throttle" | "error" | "duplicate" | "kill" | "lose", number>;
  onCall(call: Call): void;
  duplicate(): boolean;
  /** Whether S3 loses a notification. */
  lose(): boolean;
  /** Begins to kill functions; returns what ends that. */
  startKilling(lambda: Pick<LambdaAdmin, "killRandomEnvironment">): () => void;
}

/** @param random a number from 0 up to 1 */
export function createFaults(rates: FaultRates, random: () => number = Math.random): Faults {
  const struck = { throttle: 0, error: 0, duplicate: 0, kill: 0, lose: 0 };
  const strikes = (fault: "throttle" | "error" | "duplicate" | "lose"): boolean => {
    if (random() * 100 >= (rates[fault] ?? 0)) return false;
    struck[fault] += 1;
    return true;
  };
  return {
    struck,
    onCall({ service, principal }) {
      if (principal.kind !== "role") return;
      if (strikes("throttle")) throw throttled(service);
      if (strikes("error"))
        throw new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");
    },
    duplicate: () => strikes("duplicate"),
    lose: () => strikes("lose"),
    startKilling(lambda) {
      if (rates.kill === 0) return () => undefined;
      const timer = setInterval(() => {
        if (lambda.killRandomEnvironment() !== undefined) struck.kill += 1;
      }, rates.kill * 1000);
      return () => clearInterval(timer);
    },
  };
}

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
