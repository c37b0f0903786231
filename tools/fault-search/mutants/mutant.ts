import type { Handlers } from "../world/deployedHandlers";

/** One deliberate mistake in the handlers, which some schedule must show. */
export interface Mutant {
  name: string;
  /** The mistake, in words. */
  mistake: string;
  /** Why no schedule can tell the mutant from the handlers, where that is so. */
  equivalent?: string;
  /**
   * A set of handlers with the mistake. `strike` is called whenever the mistake changes something, so that a mutant
   * whose mistake no longer meets the handlers can be told from one that is not found.
   */
  load(strike: () => void): Handlers;
}
