import type { Mutant } from "./loadMutant";
import { deleteMutants } from "./deletion";
import { rawPutMutants } from "./rawPut";
import { renditionMutants } from "./renditions";

/** Mistakes that somebody could make in the protocol; the fault search must find each. */
export const mutants: Mutant[] = [...rawPutMutants, ...renditionMutants, ...deleteMutants];
