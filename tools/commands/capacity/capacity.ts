import { readMeasured } from "../cost/measured";
import { recordedStack } from "../policy/recordedStack";
import { table } from "../support/markdownTable";
import { type Limit, limitsOf } from "./limits";

export interface CapacityFlags {
  stack: string;
  /** Default: those of the measured photo. */
  megapixels?: number;
  /** Concurrent executions of the account. */
  concurrencyLimit: number;
  json: boolean;
}

/** `snail capacity`: the limits of a stack, the lowest first. */
export async function run({ stack, megapixels, concurrencyLimit, json }: CapacityFlags): Promise<void> {
  const measured = readMeasured();
  const size = (megapixels ?? measured.photo.megapixels) / measured.photo.megapixels;
  const limits = limitsOf(await recordedStack(stack), measured, { size, concurrency: concurrencyLimit });
  console.log(json ? JSON.stringify({ stack, limits }, undefined, 2) : limitsTable(limits));
}

/** Limits as a table; docs/scale.md has that of `prod`. */
export const limitsTable = (limits: readonly Limit[]): string =>
  table(
    ["limit", "formula", "uploads a second", "beyond it"],
    limits.map(({ name, formula, perSecond, beyond }) => [
      name,
      formula,
      Math.floor(perSecond).toLocaleString("en-GB"),
      beyond,
    ]),
  );
