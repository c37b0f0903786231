import type { Declared } from "../cost/declared";
import type { Measured } from "../cost/measured";
import { cpuMsAt, waitMs } from "../cost/partTime";
import type { Stage } from "./simulate";

/** The queues of an upload's path, in its order, with the functions that they drive. */
const PATH = [
  { queue: "PutRawImageQueue", function: "RawImagePutProcess" },
  { queue: "PutResolutionBasedImageQueue", function: "ResolutionBasedImagePutProcess" },
];

/** Milliseconds of the first invocation of an environment: loading Node, the packages and the function. */
const COLD_MS = 1_000;

/**
 * The stages of an upload in a stack, with measured CPU and the waits that docs/cost.md assumes.
 * @param size of an original as a multiple of the measured photo
 * @param storageWait milliseconds that a function waits for a call of S3
 */
export function stagesOf(
  resources: readonly Declared[],
  measured: Measured,
  { size = 1, storageWait = 100 }: { size?: number; storageWait?: number } = {},
): Stage[] {
  return PATH.map((step) => {
    const part = measured.paths.put[step.function];
    const mapping = resources.find(({ name }) => name === `${step.queue}-mapping`)?.inputs;
    const memory = resources.find(({ name, type }) => name === step.function && type.endsWith(":Function"))?.inputs;
    if (!part || !mapping || !memory) throw new Error(`${step.function} is not declared, or was not measured`);
    const { batchSize, scalingConfig } = mapping as {
      batchSize: number;
      scalingConfig?: { maximumConcurrency?: number };
    };
    return {
      name: step.function,
      batchSize,
      maximumConcurrency: scalingConfig?.maximumConcurrency ?? MAPPING_MOST,
      cpuMs: cpuMsAt(part, Number(memory.memorySize)) * size,
      waitMs: waitMs(part, storageWait),
      coldMs: COLD_MS,
    };
  });
}

/** Batches of one mapping at the same time: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export const MAPPING_MOST = 1_000;

/** Concurrency at which a stage carries a rate with batches of one, and a third of that in reserve; within a setting's range. */
export function concurrencyFor(stage: Stage, rate: number): number {
  const needed = Math.ceil(((rate * (stage.cpuMs + stage.waitMs)) / 1000) * 1.33);
  return Math.max(2, Math.min(MAPPING_MOST, needed));
}
