import type { Session } from "./session";
import type { Target } from "../support/target";

/** One thing that a stack must do. */
export interface Check {
  /** The property of a stack that passes, in a few words. */
  title: string;
  /** Rights that the caller needs for it. */
  rights: (target: Target) => Right[];
  /**
   * Asks, and tells the session what it sees. It passes when all that was seen is as expected.
   * @throws Error when something did not happen at all
   */
  run: (session: Session) => Promise<void>;
}

export interface Right {
  /** `sqs:GetQueueAttributes` */
  actions: string[];
  /** ARNs. */
  on: string[];
  condition?: Record<string, Record<string, string[]>>;
}
