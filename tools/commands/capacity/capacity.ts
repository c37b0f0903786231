import type { Declared } from "../cost/declared";
import { readMeasured } from "../cost/measured";
import { recordedStack } from "../policy/recordedStack";
import { limitsOf, type Limit } from "./limits";
import { capacityText } from "./print";
import { lambdaScaling, type Load, type Result, simulate, type Stage } from "./simulate";
import { concurrencyFor, stagesOf } from "./stack";

export interface CapacityFlags {
  stack: string;
  /** Uploads a second. */
  rate: number;
  burst: number;
  seconds: number;
  /** Default: those of the measured photo. */
  megapixels?: number;
  /** Concurrent executions of the account. */
  concurrencyLimit: number;
  /** Gives each mapping the concurrency that the rate needs. */
  enough: boolean;
}

/** The output of `--json`. */
export interface Capacity {
  stack: string;
  load: Load;
  concurrencyLimit: number;
  stages: Stage[];
  /** Of each stage, for this rate. */
  neededConcurrency: number[];
  result: Result;
  limits: Limit[];
}

/** `snail capacity`: a stack under load. */
export async function run({ json, ...flags }: CapacityFlags & { json: boolean }): Promise<void> {
  const capacity = capacityOf(await recordedStack(flags.stack), flags);
  console.log(json ? JSON.stringify(capacity, undefined, 2) : capacityText(capacity));
}

/** Simulates a stack; the same flags give the same result. */
export function capacityOf(resources: readonly Declared[], flags: CapacityFlags): Capacity {
  const { stack, rate, burst, seconds, megapixels, concurrencyLimit, enough } = flags;
  const measured = readMeasured();
  const size = (megapixels ?? measured.photo.megapixels) / measured.photo.megapixels;
  const declared = stagesOf(resources, measured, { size });
  const neededConcurrency = declared.map((stage) => concurrencyFor(stage, rate));
  const stages = enough
    ? declared.map((stage, i) => ({ ...stage, maximumConcurrency: neededConcurrency[i] ?? stage.maximumConcurrency }))
    : declared;
  const load = { rate, burst, seconds, seed: 1 };
  return {
    stack,
    load,
    concurrencyLimit,
    stages,
    neededConcurrency,
    result: simulate(stages, load, { ...lambdaScaling, accountConcurrency: concurrencyLimit }),
    limits: limitsOf(resources, measured, stages, concurrencyLimit),
  };
}
