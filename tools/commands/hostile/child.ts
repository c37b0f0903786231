/**
 * Runs one file after the other, by path, through the image work of `RawImagePutProcess` and
 * `ResolutionBasedImagePutProcess`, and reports each to its parent. It may be killed at any time.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { hardenSharp } from "../../../handlers/image/harden";
import { inspectUpload } from "../../../handlers/image/inspect";
import { makeRenditions } from "../../../handlers/image/renditions";
import { START_BYTES } from "../../../handlers/aws/tempImages";
import type { Rendition } from "../../../handlers/imagePorts";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import type { UploadedBytes } from "../../../handlers/ports";
import { readFile } from "./readFile";
import { animatedTypes, imageTypes, limits } from "./service";
import { problemOf } from "./renditionChecks";

/** A file for a child to run. */
export interface Order {
  path: string | Buffer;
  /** Whether the image types keep animations. */
  animated: boolean;
}
/** Of one file. */
export interface Report {
  outcome: "READY" | "REJECTED" | "FAILED" | "exception" | "unread";
  /** For the file's uploader, or the exception's message. */
  reason: string;
  /** Whether a decoder saw it. */
  decoded: boolean;
  /** User and system time of the process, in milliseconds. */
  cpuMs: number;
  /** The most memory that the process held, in MiB. */
  peakMiB: number;
  /** Where a rendition is not as it must be. */
  problem?: string;
}

async function judge({ path, animated }: Order): Promise<Report> {
  const types = animated ? animatedTypes : imageTypes;
  let file;
  try {
    file = readFile(path);
  } catch (error) {
    return { outcome: "unread", decoded: false, reason: messageOf(error), cpuMs: 0, peakMiB: 0 };
  }
  const made: Rendition[] = [];
  resetPeak();
  const before = process.cpuUsage();
  const { outcome, decoded, reason } = await runFile(file, types, made).catch((error: unknown) => ({
    outcome: "exception" as const,
    decoded: true,
    reason: messageOf(error),
  }));
  const { user, system } = process.cpuUsage(before);
  const report = { outcome, decoded, reason, cpuMs: Math.round((user + system) / 1000), peakMiB: peakMiB() };
  const problem = outcome === "READY" ? await problemOf(made, types) : undefined;
  return problem === undefined ? report : { ...report, problem };
}

async function runFile(
  { bytes, body }: ReturnType<typeof readFile>,
  types: RenditionSpec[],
  made: Rendition[],
): Promise<Pick<Report, "outcome" | "decoded" | "reason">> {
  const verdict = await inspectUpload(uploadOf(bytes, body), limits);
  if (!verdict?.ok) return { outcome: "REJECTED", decoded: false, reason: verdict?.reason ?? "" };
  const store = (rendition: Rendition) => Promise.resolve(void made.push(rendition));
  const { undecodable } = await makeRenditions(body, types, store);
  return undecodable === undefined
    ? { outcome: "READY", decoded: true, reason: "" }
    : { outcome: "FAILED", decoded: true, reason: undecodable };
}

/** The file as S3 gives it: its start, and what else is asked for. */
const uploadOf = (bytes: number, body: Buffer): UploadedBytes => ({
  bytes,
  start: body.subarray(0, START_BYTES),
  read: async (from, to) => body.subarray(from, to),
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Linux forgets the peak of a process that writes a 5 here: proc_pid_clear_refs(5). */
function resetPeak(): void {
  if (process.platform === "linux") writeFileSync("/proc/self/clear_refs", "5");
}

function peakMiB(): number {
  if (process.platform !== "linux") return Math.round(process.resourceUsage().maxRSS / 1024);
  return Math.round(Number(/VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024);
}

hardenSharp();
process.on("message", (order: Order) => {
  void judge(order).then((report) => process.send?.(report));
});
process.on("disconnect", () => process.exit());
