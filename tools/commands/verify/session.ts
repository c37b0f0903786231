import { setTimeout as delay } from "node:timers/promises";

import type { ImageApiClient } from "./imageApiClient";
import type { Target } from "../support/target";

/** How long things may take, in milliseconds. */
export interface Patience {
  /** Time for the settings of a new stack to take effect, counted from the start of all checks. */
  fresh: number;
  /** Everything else, and what a new stack had the time for. */
  settled: number;
}

/** One question, and its answer. */
export interface Observation {
  asked: string;
  expected: string;
  seen: string;
  /** More of what was seen, for the reader. */
  detail?: string;
}

/** The state that the checks of one run share. */
export interface Session {
  target: Target;
  api: ImageApiClient;
  /** Notes what was seen; the check fails unless it is what was expected, letter by letter. */
  see: (observation: Observation) => void;
  /**
   * Repeats a question until `done`; the last answer, whether it was or not. Says now and then that it still waits.
   * @param what that is waited for
   * @param slow for what a new stack may need minutes for
   */
  wait: <Answer>(
    what: string,
    ask: () => Promise<Answer>,
    done: (answer: Answer) => boolean,
    options?: { slow?: boolean },
  ) => Promise<Answer>;
}

interface WaitOptions {
  patience: Patience;
  print: (line: string) => void;
  /** Ends all waiting. */
  signal: AbortSignal;
}

const SAY_EVERY = 10_000;

/** {@link Session.wait} of a run that begins now. */
export function waiter({ patience, print, signal }: WaitOptions): Session["wait"] {
  const startedAt = Date.now();
  return async (what, ask, done, { slow = false } = {}) => {
    const began = Date.now();
    const end = Math.max(began + patience.settled, slow ? startedAt + patience.fresh : 0);
    let sayAt = began + SAY_EVERY;
    for (let pause = 200; ; pause = Math.min(2 * pause, 2_000)) {
      signal.throwIfAborted();
      const answer = await ask();
      if (done(answer) || Date.now() > end) return answer;
      if (Date.now() > sayAt) {
        print(`    … waiting for ${what}, ${duration(Date.now() - began)} of up to ${duration(end - began)}`);
        sayAt += SAY_EVERY;
      }
      await delay(pause, undefined, { signal });
    }
  };
}

const duration = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
};
