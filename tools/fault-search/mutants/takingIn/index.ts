import type { Mutant } from "../mutant";
import { detailingMutants } from "./detailing";
import { judgingMutants } from "./judging";
import { notTakingInMutants } from "./notTakingIn";
import { recordingMutants } from "./recording";
import { rejectingMutants } from "./rejecting";
import { storingMutants } from "./storing";

/** Mistakes on the way from an upload to its record. */
export const takingInMutants: Mutant[] = [
  ...storingMutants,
  ...recordingMutants,
  ...notTakingInMutants,
  ...rejectingMutants,
  ...detailingMutants,
  ...judgingMutants,
];
