import { billOf, type Line } from "./bill";
import { aMillion } from "./cost";
import type { Declared } from "./declared";
import { readMeasured } from "./measured";
import { pricesOf } from "./prices";

/** An amount that a change moves, USD. */
export interface CostDifference {
  what: string;
  before: number;
  after: number;
}

/** Smaller differences are not worth a line. */
const CENT = 0.005;

/** The cost of a change of a stack: a million uploads, and a month without any. */
export function costDifferences(before: readonly Declared[], after: readonly Declared[]): CostDifference[] {
  const measured = readMeasured();
  const { region, ...rest } = aMillion;
  const use = { ...rest, bytes: measured.photo.bytes, megapixels: measured.photo.megapixels };
  const bill = (resources: readonly Declared[]) => billOf(resources, measured, pricesOf(region), use);
  const [old, now] = [bill(before), bill(after)];
  const sum = (lines: readonly Line[], kind: Line["kind"]) =>
    lines.filter((line) => line.kind === kind).reduce((total, { usd }) => total + usd, 0);
  return (
    [
      ["a million uploads", "use"],
      ["a million uploads stored for a month", "stored"],
      ["a month without uploads", "idle"],
    ] as const
  )
    .map(([what, kind]) => ({ what, before: sum(old, kind), after: sum(now, kind) }))
    .filter((difference) => Math.abs(difference.after - difference.before) >= CENT);
}
