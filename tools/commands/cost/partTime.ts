import { assumptions } from "./assumptions";
import { meanBatchMs } from "./batchTime";
import type { DeclaredFunction } from "./declaredStack";
import type { MeasuredPart } from "./measured";

/**
 * Milliseconds that one image takes of a function's invocations: its CPU at the memory's share of a processor, and its waits.
 * @param messages of a batch: they share the waits of those that are worked on at the same time
 */
export function billedMs(
  part: MeasuredPart,
  { memoryMb, atOnce }: Pick<DeclaredFunction, "memoryMb" | "atOnce">,
  storageWait: number,
  messages: number,
): number {
  if (messages === 1) return cpuMsAt(part, memoryMb) + waitMs(part, storageWait);
  const processors = memoryMb / assumptions.vcpuMb;
  const waits = waitMs(part, storageWait) / 2;
  return meanBatchMs({ messages, atOnce, processors, cpuMs: part.cpuMs, waitMs: waits }) / messages;
}

/** A part's CPU, stretched where memory gives less than one processor. */
export const cpuMsAt = ({ cpuMs }: MeasuredPart, memoryMb: number): number =>
  cpuMs * Math.max(1, assumptions.vcpuMb / memoryMb);

/** Calls of which all but one overlap with other work, or are one request. */
const together = ["s3:PutObject", "s3:DeleteObject", "events:PutEvents"];

/** A part's waits for its calls, one after the other, but for those that overlap. */
export function waitMs({ calls }: MeasuredPart, storageWait: number): number {
  const waits = Object.entries(calls).map(([action, count]) => {
    const service = action.split(":")[0] ?? "";
    const ms = service === "s3" ? storageWait : (assumptions.waitMs[service] ?? 0);
    return ms * (together.includes(action) ? Math.min(count, 1) : count);
  });
  return waits.reduce((sum, ms) => sum + ms, 0);
}
