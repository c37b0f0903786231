import type { AccessDecision } from "../../embedded-aws";
import type { MeasuredPart, MeasuredPath } from "./measured";

/** All that was seen of the service while it worked on some images. */
export interface Seen {
  images: number;
  /** The calls of services that have a price of their own. */
  decisions: readonly (Pick<AccessDecision, "action" | "context"> & {
    /** Logical name of the function or service that made the call. */
    by: string;
  })[];
  lines: readonly { line: string; by: string }[];
  /** Milliseconds by function. */
  cpu: ReadonlyMap<string, number>;
}

/** The share of one image in what was seen. */
export function workOf({ images, decisions, lines, cpu }: Seen): MeasuredPath {
  const path: MeasuredPath = {};
  const partOf = (name: string): MeasuredPart =>
    (path[name] ??= { cpuMs: 0, invocations: 0, calls: {}, logBytes: 0, invocationLogBytes: 0 });
  const share = (value: number): number => Math.round((value / images) * 100) / 100;
  for (const [name, ms] of cpu) if (ms > 0) partOf(name).cpuMs = share(ms);
  for (const [name, own = []] of Object.entries(Object.groupBy(decisions, ({ by }) => by))) {
    for (const [action, count] of Object.entries(requestsOf(own)))
      if (share(count) > 0) partOf(name).calls[action] = share(count);
  }
  for (const [name, own = []] of Object.entries(Object.groupBy(lines, ({ by }) => by))) {
    const part = partOf(name);
    part.invocations = share(own.filter(({ line }) => line.includes('"type":"platform.report"')).length);
    part.logBytes = Math.round(bytesOf(own) / images);
    part.invocationLogBytes = Math.round(bytesOf(own.filter(({ line }) => isOfInvocation(line))) / images);
  }
  return path;
}

/** Requests by action: S3 authorises the read of a copy's source as well, which is not a request of its own. */
function requestsOf(decisions: Seen["decisions"]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { action, context } of decisions) {
    counts[action] = (counts[action] ?? 0) + 1;
    if (action === "s3:PutObject" && typeof context["s3:x-amz-copy-source"] === "string") {
      counts["s3:GetObjectVersion"] = (counts["s3:GetObjectVersion"] ?? 0) - 1;
    }
  }
  return counts;
}

/** Lambda's own lines, and the metrics of an invocation; all others are of one image. */
const isOfInvocation = (line: string): boolean => line.includes('"type":"platform.') || line.includes('"_aws":');

/** CloudWatch Logs counts 26 bytes for each event beside its text (PutLogEvents). */
const LINE_OVERHEAD = 26;

const bytesOf = (lines: readonly { line: string }[]): number =>
  lines.reduce((sum, { line }) => sum + Buffer.byteLength(line) + LINE_OVERHEAD, 0);
