import type { Declared } from "../cost/declared";
import type { Measured } from "../cost/measured";
import { MAPPING_MOST } from "./stack";
import type { Stage } from "./simulate";

/** A limit, and the uploads a second at which it binds. */
export interface Limit {
  name: string;
  perSecond: number;
  /** How to go beyond it. */
  beyond: string;
}

/** Limits of a stack and of AWS's default quotas, the lowest first. docs/scale.md names their sources. */
export function limitsOf(
  resources: readonly Declared[],
  measured: Measured,
  stages: readonly Stage[],
  accountConcurrency: number,
): Limit[] {
  const seconds = (stage: Stage): number => (stage.cpuMs * stage.batchSize + stage.waitMs) / 1000 / stage.batchSize;
  const all = stages.reduce((sum, stage) => sum + seconds(stage), 0);
  const writes = Object.values(measured.paths.put).reduce(
    (sum, { calls }) => sum + (calls["dynamodb:UpdateItem"] ?? 0),
    0,
  );
  const units = Math.ceil(measured.recordBytes / 1024);
  const rendition = measured.paths.put.ResolutionBasedImagePutProcess?.calls["s3:PutObject"] ?? 1;
  const limits = [
    ...apiLimits(resources),
    ...stages.flatMap((stage): Limit[] => [
      {
        name: `${stage.name}: maximumConcurrency ${stage.maximumConcurrency}`,
        perSecond: stage.maximumConcurrency / seconds(stage),
        beyond: `setting maximumConcurrency, up to ${MAPPING_MOST}`,
      },
      {
        name: `${stage.name}: batches of one mapping`,
        perSecond: MAPPING_MOST / seconds(stage),
        beyond: "larger batches, more memory, or another stack",
      },
    ]),
    {
      name: `Lambda: ${accountConcurrency} concurrent executions of the account`,
      perSecond: accountConcurrency / all,
      beyond: "Service Quotas: concurrent executions",
    },
    {
      name: "DynamoDB: a new table's first 4,000 writes a second",
      perSecond: 4_000 / (writes * units),
      beyond: "it doubles by itself within 30 minutes; or warm throughput",
    },
    {
      name: "DynamoDB: 40,000 writes a second of one table",
      perSecond: 40_000 / (writes * units),
      beyond: "Service Quotas: table-level write throughput",
    },
    {
      name: "S3: 3,500 writes a second under images/ of the temp bucket",
      perSecond: 3_500 / 2, // an upload, and its deletion
      beyond: "S3 divides a prefix by itself under lasting load, and answers 503 meanwhile",
    },
    {
      name: "S3: 3,500 writes a second under the prefix of each image type",
      perSecond: 3_500 / Math.max(1, rendition / measured.renditions.count),
      beyond: "as before",
    },
  ];
  return limits.sort((a, b) => a.perSecond - b.perSecond);
}

/** Requests a second: those of the stage's throttle, where it has one, and the account's. */
function apiLimits(resources: readonly Declared[]): Limit[] {
  const rates = resources.flatMap(({ type, inputs }) => {
    if (!type.endsWith(":MethodSettings")) return [];
    const { throttlingRateLimit } = (inputs.settings ?? {}) as { throttlingRateLimit?: number };
    return throttlingRateLimit === undefined ? [] : [throttlingRateLimit];
  });
  const stage = Math.min(...rates);
  return [
    ...(Number.isFinite(stage)
      ? [{ name: `ImageApi: apiThrottle.rate ${stage}`, perSecond: stage, beyond: "setting apiThrottle, up to 10,000" }]
      : []),
    {
      name: "API Gateway: 10,000 requests a second of the account",
      perSecond: 10_000,
      beyond: "Service Quotas: throttle rate; or POST /uploads for a batch of a client's own",
    },
  ];
}
