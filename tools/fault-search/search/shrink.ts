import { recordedChoices, type Decisions, type Stream } from "./choices";

export interface Attempt {
  /** Whether the same invariant was violated. */
  fails: boolean;
  steps: number;
  /** The choices that were really made. */
  taken: Decisions;
}

/** How much is left: operations, faults, context switches, and at last steps. */
type Size = [operations: number, faults: number, switches: number, steps: number];

const streams: Stream[] = ["plan", "faults", "order"];

/**
 * Looks for the shortest schedule that still fails: fewer operations of clients, fewer faults, fewer context switches.
 * It writes zeros, the tamest choice, over ever smaller stretches of the decisions, and leaves stretches out.
 */
export async function shrink(
  decisions: Decisions,
  attempt: (choices: ReturnType<typeof recordedChoices>) => Promise<Attempt>,
  mostAttempts = 3000,
): Promise<Decisions> {
  let best = decisions;
  let size: Size | undefined;
  let attempts = 0;

  const accepts = async (candidate: Decisions): Promise<boolean> => {
    attempts += 1;
    const { fails, steps, taken } = await attempt(recordedChoices(candidate));
    const candidateSize: Size = [...counts(taken), steps];
    if (!fails || (size && !isLess(candidateSize, size))) return false;
    best = taken;
    size = candidateSize;
    return true;
  };
  if (!(await accepts(decisions))) throw new Error("the schedule to be shrunk does not fail");

  for (let progress = true; progress && attempts < mostAttempts;) {
    progress = false;
    for (const stream of streams) {
      for (let length = best[stream].length; length >= 1; length = Math.floor(length / 2)) {
        for (let start = 0; start < best[stream].length && attempts < mostAttempts;) {
          const zeroed = edit(best, stream, start, length, "zero");
          const shorter = edit(best, stream, start, length, "cut");
          if ((zeroed && (await accepts(zeroed))) || (shorter && (await accepts(shorter)))) progress = true;
          else start += length;
        }
      }
    }
  }
  return best;
}

function edit(
  decisions: Decisions,
  stream: Stream,
  start: number,
  length: number,
  how: "zero" | "cut",
): Decisions | undefined {
  const values = decisions[stream];
  const stretch = values.slice(start, start + length);
  if (how === "zero" && stretch.every((value) => value === 0)) return undefined;
  const filling = how === "zero" ? stretch.map(() => 0) : [];
  return { ...decisions, [stream]: [...values.slice(0, start), ...filling, ...values.slice(start + length)] };
}

function counts({ plan, faults, order }: Decisions): [number, number, number] {
  const set = (values: number[]) => values.filter((value) => value !== 0).length;
  return [set(plan), set(faults), set(order)];
}

function isLess(one: Size, other: Size): boolean {
  for (let i = 0; i < one.length; i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
