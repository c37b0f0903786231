import type { Mutant } from "./mutate";
import { deleteMutants } from "./mutants/deletion";
import { rawPutMutants } from "./mutants/rawPut";
import { renditionMutants } from "./mutants/renditions";

/** Mistakes that somebody could make in the protocol; the fault search must find each. */
export const mutants: Mutant[] = [...rawPutMutants, ...renditionMutants, ...deleteMutants];
