import { Random } from "./random";

/**
 * Everything that a schedule leaves open, as three lists of small numbers: what clients do, who goes next, and what
 * fails. 0 is always the tamest choice (nothing to do, the same one goes on, no fault), so that a list of zeros is a
 * quiet run and a schedule is simplified by writing zeros into it.
 */
export interface Decisions {
  plan: number[];
  order: number[];
  faults: number[];
}
export type Stream = keyof Decisions;

export interface Choices {
  /** For proposing a choice; a replay never asks it. */
  readonly random: Random;
  /** A number from 0 to n − 1. `propose` is only asked while a seed is first run. */
  choose(stream: Stream, n: number, propose: (random: Random) => number): number;
  /** All choices so far. */
  readonly taken: Decisions;
}

/** Choices made by a seed. */
export function seededChoices(seed: number, salt: string): Choices {
  const random = new Random(seed, salt);
  const taken: Decisions = { plan: [], order: [], faults: [] };
  return {
    random,
    taken,
    choose(stream, n, propose) {
      const choice = n < 2 ? 0 : propose(random);
      taken[stream].push(choice);
      return choice;
    },
  };
}

/** Choices taken from a list; the tamest one where the list ends or does not fit. */
export function recordedChoices(decisions: Decisions): Choices {
  const taken: Decisions = { plan: [], order: [], faults: [] };
  return {
    random: new Random(0),
    taken,
    choose(stream, n) {
      const recorded = decisions[stream][taken[stream].length] ?? 0;
      const choice = recorded < n ? recorded : 0;
      taken[stream].push(choice);
      return choice;
    },
  };
}
