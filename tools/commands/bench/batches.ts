/**
 * The cost of a million images in `ResolutionBasedImagePutProcess`, by messages of a batch and images at once: the billed time
 * of whole batches, by measured CPU, assumed waits and the memory that so many images at once need.
 */
import { renditionMemoryMiB } from "../../../components/renditionMemory";
import { assumptions } from "../cost/assumptions";
import { meanBatchMs } from "../cost/batchTime";
import { declaredVariable } from "../cost/declaredImageTypes";
import { readMeasured } from "../cost/measured";
import { waitMs } from "../cost/partTime";
import { pricesOf } from "../cost/prices";
import { recordedStack } from "../policy/recordedStack";
import type { Row } from "./report";

const MOST_AT_ONCE = 3;
const MOST_MESSAGES = 10;

/** `snail bench batches` */
export async function measure({ storageWait }: { storageWait: number }): Promise<Row[]> {
  const part = readMeasured().paths.put.ResolutionBasedImagePutProcess;
  if (!part) throw new Error('ResolutionBasedImagePutProcess was not measured: run "npx snail cost measure"');
  const image = { cpuMs: part.cpuMs, waitMs: waitMs(part, storageWait) / 2 };
  const limits = await defaultLimits();
  const { prices } = pricesOf("us-east-1");
  const rows: Row[] = [];
  for (let atOnce = 1; atOnce <= MOST_AT_ONCE; atOnce++) {
    const memoryMiB = renditionMemoryMiB(limits, atOnce);
    for (let messages = 1; messages <= MOST_MESSAGES; messages++) {
      const ms = meanBatchMs({ messages, atOnce, processors: memoryMiB / assumptions.vcpuMb, ...image });
      // For each batch one invocation, and two requests of SQS: it is received and deleted in one piece.
      const perBatch = prices.lambdaRequest + 2 * prices.sqsRequest;
      const gbSeconds = (ms / 1000) * (memoryMiB / 1024);
      rows.push({
        "images at once": atOnce,
        "memory, MiB": memoryMiB,
        "messages of a batch": messages,
        "USD a million": cents(((gbSeconds * prices.lambdaGbSecondArm64 + perBatch) * 1e6) / messages),
        "until the last is READY, s": cents(ms / 1000),
        "images/s of one environment": cents(messages / (ms / 1000)),
      });
    }
  }
  return rows;
}

const cents = (value: number): number => Math.round(value * 100) / 100;

/** Of the stack `dev`, which has the defaults. */
async function defaultLimits(): Promise<Parameters<typeof renditionMemoryMiB>[0]> {
  const limits = declaredVariable(await recordedStack("dev"), "UPLOAD_LIMITS");
  return JSON.parse(limits ?? "{}") as Parameters<typeof renditionMemoryMiB>[0];
}
