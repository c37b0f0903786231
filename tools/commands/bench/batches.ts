/**
 * The cost of a million images in `ResolutionBasedImagePutProcess`, by messages of a batch and images at once: the billed time
 * of whole batches, by measured CPU, assumed waits and the memory that so many images at once need.
 */
import { renditionMemoryMiB } from "../../../components/renditionMemory";
import { assumptions } from "../cost/assumptions";
import { waitMs } from "../cost/bill";
import { declaredVariable } from "../cost/declaredImageTypes";
import { readMeasured } from "../cost/measured";
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
      const ms = meanMs({ messages, atOnce, processors: memoryMiB / assumptions.vcpuMb, ...image });
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

export interface Batch {
  messages: number;
  /** Images that are worked on at the same time. */
  atOnce: number;
  /** Lambda's share of them for the function's memory: 1 is a whole one. One image uses one at most. */
  processors: number;
  cpuMs: number;
  /** Before the CPU, and again after it. */
  waitMs: number;
}

/** Of batches of images that take from half the CPU to one and a half times as much: equal ones would wait in step. */
function meanMs(batch: Batch): number {
  const cpus = spread(BATCHES * batch.messages).map((share) => batch.cpuMs * (0.5 + share));
  let sum = 0;
  for (let i = 0; i < BATCHES; i++) sum += batchMs(batch, cpus.slice(i * batch.messages, (i + 1) * batch.messages));
  return sum / BATCHES;
}
const BATCHES = 500;

/** Numbers from 0 to 1, evenly spread in an order that is always the same: multiples of the golden ratio. */
const spread = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 0.618_033_988_75) % 1);

/**
 * Milliseconds of a batch, by the CPU of each image: it waits for its original, takes its CPU, which images share equally,
 * and waits until its last rendition and the record are stored.
 */
export function batchMs(
  { atOnce, processors, waitMs }: Pick<Batch, "atOnce" | "processors" | "waitMs">,
  cpus: readonly number[],
): number {
  const waiting = [...cpus];
  let now = 0;
  let working: { steps: ["wait" | "make", number][] }[] = [];
  for (;;) {
    while (working.length < atOnce && waiting.length > 0)
      working.push({
        steps: [
          ["wait", waitMs],
          ["make", waiting.shift() ?? 0],
          ["wait", waitMs],
        ],
      });
    if (working.length === 0) return now;
    const making = working.filter(({ steps }) => steps[0]?.[0] === "make").length;
    const speed = (step: string) => (step === "make" ? Math.min(1, processors / making) : 1);
    const current = working.flatMap(({ steps }) => steps.slice(0, 1));
    const passed = Math.min(...current.map(([step, left]) => left / speed(step)));
    now += passed;
    for (const step of current) step[1] -= passed * speed(step[0]);
    for (const { steps } of working) if ((steps[0]?.[1] ?? 0) < 1e-6) steps.shift();
    working = working.filter(({ steps }) => steps.length > 0);
  }
}

/** Of the stack `dev`, which has the defaults. */
async function defaultLimits(): Promise<Parameters<typeof renditionMemoryMiB>[0]> {
  const limits = declaredVariable(await recordedStack("dev"), "UPLOAD_LIMITS");
  return JSON.parse(limits ?? "{}") as Parameters<typeof renditionMemoryMiB>[0];
}
