import type { Step } from "../../world/clients";
import type { FunctionName } from "../../world/actors";
import type { Fault } from "../faultModel";
import type { DeadLetters } from "../scenarios";
import type { Strategy } from "../strategy";

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
