import { recordedStack } from "../policy/recordedStack";
import { billOf } from "./bill";
import { alternatives } from "./alternatives";
import { decisionsOf } from "./decisions";
import { readMeasured } from "./measured";
import { pricesOf } from "./prices";
import { billText, type Cost, decisionsText } from "./print";
import type { Use } from "./use";

/** A month of use by which stacks are compared, and docs/cost.md tells: a million of the measured photo. */
export const aMillion = {
  region: "us-east-1",
  images: 1e6,
  gets: 1,
  deletes: 0,
  views: 0,
  storageWait: 100,
  direct: false,
  fullBatches: false,
} as const;

interface CostFlags extends Omit<Use, "bytes" | "megapixels"> {
  stack: string;
  region: string;
  /** Default: those of the measured photo. */
  mb?: number;
  megapixels?: number;
}

/** `snail cost`: what a stack costs a month. */
export async function run({ json, ...flags }: CostFlags & { json: boolean }): Promise<void> {
  const cost = await costOf(flags);
  console.log(json ? JSON.stringify(cost, undefined, 2) : `${billText(cost)}\n\n${decisionsText(cost)}`);
}

/** The bill of a stack of this program for a month. @throws WrongCall for a region without prices */
export async function costOf({ stack, region, mb, megapixels, ...rest }: CostFlags): Promise<Cost> {
  const prices = pricesOf(region);
  const measured = readMeasured();
  const use: Use = {
    ...rest,
    bytes: mb === undefined ? measured.photo.bytes : mb * 1e6,
    megapixels: megapixels ?? measured.photo.megapixels,
  };
  const resources = await recordedStack(stack);
  return {
    stack,
    prices: { region, date: prices.date },
    measuredAt: measured.measuredAt,
    use,
    lines: billOf(resources, measured, prices, use),
    alternatives: alternatives(resources, measured, prices, use),
    decisions: decisionsOf(resources, measured, prices, use),
  };
}
