import { announcingMutants } from "./announcing";
import { backfillingMutants } from "./backfilling";
import { deletingMutants } from "./deleting";
import { drivingMutants } from "./driving";
import { listingMutants } from "./listing";
import type { Mutant } from "./mutant";
import { namingMutants } from "./naming";
import { renderingMutants } from "./rendering";
import { sweepingMutants } from "./sweeping";
import { takingInMutants } from "./takingIn";
import { tellingMutants } from "./telling";

/** Mistakes that a developer could make in the protocol; the fault search must find each. */
export const mutants: Mutant[] = [
  ...takingInMutants,
  ...renderingMutants,
  ...backfillingMutants,
  ...deletingMutants,
  ...drivingMutants,
  ...listingMutants,
  ...tellingMutants,
  ...namingMutants,
  ...sweepingMutants,
  ...announcingMutants,
];
