import { statusShards } from "../../../handlers/protocol/listing";
import type { Declared } from "../cost/declared";
import { DeclaredStack } from "../cost/declaredStack";
import type { Measured } from "../cost/measured";
import { cpuMsAt, waitMs } from "../cost/partTime";

/** A limit, and the uploads a second at which it binds. */
export interface Limit {
  name: string;
  formula: string;
  perSecond: number;
  /** How to go beyond it. */
  beyond: string;
}

/** Load and account for which the limits of a stack are computed. */
export interface Conditions {
  /** An original's pixels as a multiple of the measured photo's. */
  size: number;
  /** Concurrent executions of the account. */
  concurrency: number;
}

/** Batches of one mapping at the same time; 100 ms for each call of S3, as docs/cost.md assumes. */
const MAPPING_MOST = 1_000;
const STORAGE_WAIT_MS = 100;
/** Queues of an upload's path, in order, and the functions that they drive. */
const QUEUES = {
  PutRawImageQueue: "RawImagePutProcess",
  PutResolutionBasedImageQueue: "ResolutionBasedImagePutProcess",
};
/** Writes a second of one DynamoDB partition, and those of a new table. */
const PARTITION_WRITES = 1_000;
const NEW_TABLE_WRITES = 4_000;

/** Limits of a stack and of AWS's default quotas, the lowest first. docs/scale.md names their sources. */
export function limitsOf(
  resources: readonly Declared[],
  measured: Measured,
  { size, concurrency }: Conditions,
): Limit[] {
  const put = measured.paths.put;
  const stages = Object.entries(QUEUES).map(([queue, name]) => stageOf(resources, measured, queue, name, size));
  const all = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const updates = Object.values(put).reduce((sum, { calls }) => sum + (calls["dynamodb:UpdateItem"] ?? 0), 0);
  const writes = updates * Math.ceil(measured.recordBytes / 1024);
  const renditions = (put.ResolutionBasedImagePutProcess?.calls["s3:PutObject"] ?? 1) / measured.renditions.count;
  const shards = statusShards("PROCESSING").length;
  const limits = [
    ...apiLimits(resources),
    ...stages.flatMap(({ name, seconds, maximumConcurrency }) => [
      {
        name: `${name}: maximumConcurrency`,
        formula: `${maximumConcurrency} / ${seconds.toFixed(3)} s`,
        perSecond: maximumConcurrency / seconds,
        beyond: `setting maximumConcurrency, up to ${MAPPING_MOST}`,
      },
      {
        name: `${name}: batches of one mapping`,
        formula: `${MAPPING_MOST} / ${seconds.toFixed(3)} s`,
        perSecond: MAPPING_MOST / seconds,
        beyond: "larger batches, more memory, or another stack",
      },
    ]),
    ...eventLimits(resources, measured),
    {
      name: "Lambda: concurrent executions of the account",
      formula: `${concurrency} / ${all.toFixed(3)} s`,
      perSecond: concurrency / all,
      beyond: "Service Quotas: concurrent executions",
    },
    {
      name: "DynamoDB: PROCESSING entries of the index",
      formula: `${shards} shards × ${PARTITION_WRITES} / 2 writes`,
      perSecond: (shards * PARTITION_WRITES) / 2, // an entry is put and deleted
      beyond: "more shards (`SHARDS` in handlers/protocol/listing.ts)",
    },
    {
      name: "DynamoDB: writes of a new table",
      formula: `${NEW_TABLE_WRITES} / ${writes} writes`,
      perSecond: NEW_TABLE_WRITES / writes,
      beyond: "it doubles within 30 minutes; or warm throughput",
    },
    {
      name: "DynamoDB: writes of one table",
      formula: `40000 / ${writes} writes`,
      perSecond: 40_000 / writes,
      beyond: "Service Quotas: table-level write throughput",
    },
    {
      name: "S3: images/ of the temp bucket",
      formula: "3500 / 2 writes",
      perSecond: 3_500 / 2, // an upload and its deletion
      beyond: "S3 divides a prefix under lasting load, and answers 503 meanwhile",
    },
    {
      name: "S3: the prefix of each image type",
      formula: `3500 / ${renditions} writes`,
      perSecond: 3_500 / Math.max(1, renditions),
      beyond: "as before",
    },
  ];
  return limits.sort((a, b) => a.perSecond - b.perSecond);
}

/** Execution seconds of one upload in a queue's function with full batches, and the mapping's concurrency. */
function stageOf(resources: readonly Declared[], measured: Measured, queue: string, name: string, size: number) {
  const part = measured.paths.put[name];
  const mapping = resources.find((resource) => resource.name === `${queue}-mapping`)?.inputs;
  const declared = new DeclaredStack(resources).function(name);
  if (!part || !mapping || !declared) throw new Error(`${name} is not declared, or was not measured`);
  const { batchSize, scalingConfig } = mapping as {
    batchSize: number;
    scalingConfig?: { maximumConcurrency?: number };
  };
  const seconds = (cpuMsAt(part, declared.memoryMb) * size + waitMs(part, STORAGE_WAIT_MS) / batchSize) / 1000;
  return { name, seconds, maximumConcurrency: scalingConfig?.maximumConcurrency ?? MAPPING_MOST };
}

/** Announcing: one batch at a time for each shard of the table's stream, and requests to EventBridge. */
function eventLimits(resources: readonly Declared[], measured: Measured): Limit[] {
  const part = measured.paths.put.ImageEventProcess;
  const declared = new DeclaredStack(resources).function("ImageEventProcess");
  if (!part || !declared) return [];
  const events = part.calls["events:PutEvents"] ?? 0;
  const seconds = (cpuMsAt(part, declared.memoryMb) + (waitMs(part, STORAGE_WAIT_MS) * events) / 10) / 1000;
  const shards = NEW_TABLE_WRITES / PARTITION_WRITES;
  return [
    {
      name: "ImageEventProcess: shards of a new table's stream",
      formula: `${shards} shards / ${seconds.toFixed(3)} s`,
      perSecond: shards / seconds,
      beyond: "only events are late; shards grow with the load",
    },
    {
      name: "EventBridge: PutEvents in the smallest regions",
      formula: `400 × 10 / ${events} events`,
      perSecond: (400 * 10) / events,
      beyond: "Service Quotas: PutEvents; 10000 in the largest regions",
    },
  ];
}

/** Requests a second: those of the stage's throttle, where it has one, and the account's. */
function apiLimits(resources: readonly Declared[]): Limit[] {
  const rates = resources.flatMap(({ type, inputs }) => {
    if (!type.endsWith(":MethodSettings")) return [];
    const { throttlingRateLimit } = (inputs.settings ?? {}) as { throttlingRateLimit?: number };
    return throttlingRateLimit === undefined ? [] : [throttlingRateLimit];
  });
  const throttle = Math.min(...rates);
  const limit = (name: string, perSecond: number, beyond: string): Limit => ({
    name,
    formula: `${perSecond} requests`,
    perSecond,
    beyond,
  });
  return [
    ...(rates.length > 0 ? [limit("ImageApi: apiThrottle.rate", throttle, "setting apiThrottle, up to 10,000")] : []),
    limit("API Gateway: requests of the account", 10_000, "Service Quotas: throttle rate"),
  ];
}
