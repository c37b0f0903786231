/**
 * Runs one file after the other, by path, through the image work of `RawImagePutProcess` and
 * `ResolutionBasedImagePutProcess`, its decoder included, and reports each to its parent. It may be killed at any time.
 */
import { decoderPorts } from "../../../handlers/image/decoderProcess";
import { inspectUpload } from "../../../handlers/image/inspect";
import { watchedDecoder, type DecoderProcess, type Usage } from "../../../handlers/image/watch";
import { START_BYTES } from "../../../handlers/aws/tempImages";
import type { MakeRenditions, Rendition } from "../../../handlers/imagePorts";
import { decoderLimits, type RenditionSpec } from "../../../handlers/imageTypes";
import type { UploadedBytes } from "../../../handlers/ports";
import { readFile } from "./readFile";
import { animatedTypes, imageTypes, limits } from "./service";
import { problemOf } from "./renditionChecks";

/** A file for a child to run. */
export interface Order {
  path: string | Buffer;
  /** Whether the image types keep animations. */
  animated: boolean;
  /** The decoder's limits of CPU are this many times theirs, for the first file of a child. */
  patience?: number;
}
/** Of one file. */
export interface Report {
  outcome: "READY" | "REJECTED" | "FAILED" | "exception" | "unread";
  /** For the file's uploader, or the exception's message. */
  reason: string;
  /** User and system time of its upload's inspection, in milliseconds. */
  intakeMs: number;
  /** The same of the decoder's process. */
  cpuMs: number;
  /** The most memory that the decoder's process held, in MiB. */
  peakMiB: number;
  /** Where a rendition is not as it must be. */
  problem?: string;
}

const none = { intakeMs: 0, cpuMs: 0, peakMiB: 0 };
/** Of the original that is decoded: what the watch saw. */
let seen: Pick<Report, "cpuMs" | "peakMiB"> = none;

const ports = decoderPorts(process.argv[2] ?? "");
function start(): DecoderProcess {
  const child = ports.start();
  let cpuMsBefore = 0;
  const usage = (): Usage | undefined => {
    const now = child.usage();
    if (now) seen = { cpuMs: now.cpuMs - cpuMsBefore, peakMiB: Math.max(seen.peakMiB, Math.round(now.memoryMiB)) };
    return now;
  };
  const send: DecoderProcess["send"] = (...order) => {
    seen = none;
    cpuMsBefore = child.usage()?.cpuMs ?? 0;
    child.send(...order);
  };
  return { ...child, usage, send };
}
/** Starts a decoder at once: not before there is a file to decode. */
let makeRenditions: MakeRenditions | undefined;

function limitsWith(patience = 1): typeof decoderLimits {
  const { still, animated, memoryMiB } = decoderLimits;
  const slower = <Limit extends { cpuMs: number }>(limit: Limit) => ({ ...limit, cpuMs: limit.cpuMs * patience });
  return { memoryMiB, still: slower(still), animated: slower(animated) };
}

async function judge({ path, animated, patience }: Order): Promise<Report> {
  const types = animated ? animatedTypes : imageTypes;
  let file;
  try {
    file = readFile(path);
  } catch (error) {
    return { outcome: "unread", reason: messageOf(error), ...none };
  }
  const made: Rendition[] = [];
  makeRenditions ??= watchedDecoder({ ...ports, start }, limitsWith(patience));
  seen = none;
  const ran = await runFile(file, types, made, makeRenditions).catch((error: unknown) => ({
    outcome: "exception" as const,
    reason: messageOf(error),
    intakeMs: 0,
  }));
  const report = { ...ran, ...seen };
  const { outcome } = report;
  const problem = outcome === "READY" ? await problemOf(made, types) : undefined;
  return problem === undefined ? report : { ...report, problem };
}

async function runFile(
  { bytes, body }: ReturnType<typeof readFile>,
  types: RenditionSpec[],
  made: Rendition[],
  makeRenditions: MakeRenditions,
): Promise<Pick<Report, "outcome" | "reason" | "intakeMs">> {
  const before = process.cpuUsage();
  const verdict = await inspectUpload(uploadOf(bytes, body), limits);
  const { user, system } = process.cpuUsage(before);
  const intakeMs = Math.round((user + system) / 1000);
  if (!verdict?.ok) return { outcome: "REJECTED", reason: verdict?.reason ?? "", intakeMs };
  const store = (rendition: Rendition) => Promise.resolve(void made.push(rendition));
  const { undecodable } = await makeRenditions(body, types, store);
  return undecodable === undefined
    ? { outcome: "READY", reason: "", intakeMs }
    : { outcome: "FAILED", reason: undecodable, intakeMs };
}

/** The file as S3 gives it: its start, and what else is asked for. */
const uploadOf = (bytes: number, body: Buffer): UploadedBytes => ({
  bytes,
  start: body.subarray(0, START_BYTES),
  read: async (from, to) => body.subarray(from, to),
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

process.on("message", (order: Order) => {
  void judge(order).then((report) => process.send?.(report));
});
process.on("disconnect", () => process.exit());
