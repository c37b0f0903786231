import { decodeEventKey, objectOfTempKey } from "../../handlers/protocol/objectName";
import type { ShownLine } from "./shapes";

/** The structured line that a function logged as JSON, or undefined where the text is something else: a metric, a platform event. */
export function shownLine(time: string, text: string): ShownLine | undefined {
  const line = objectIn(text);
  const { level, message, service, name, body, error } = line;
  if (typeof message !== "string" || typeof service !== "string") return undefined;
  const about = typeof name === "string" ? name : nameIn(body);
  return {
    time,
    from: service,
    level: typeof level === "string" ? level : "INFO",
    text: message + causeIn(error),
    ...(about !== undefined && { name: about }),
  };
}

function causeIn(error: unknown): string {
  const { name, message } = error instanceof Object ? (error as Record<string, unknown>) : {};
  return typeof message === "string" ? ` (${typeof name === "string" ? name : "Error"}: ${message})` : "";
}

/** The image that a message is about: one of S3, or of another function. */
function nameIn(body: unknown): string | undefined {
  if (typeof body !== "string") return undefined;
  const { original, Records } = objectIn(body) as { original?: unknown; Records?: S3Record[] };
  if (typeof original === "string") return original;
  const key = Array.isArray(Records) ? Records[0]?.s3?.object?.key : undefined;
  return typeof key === "string" ? objectOfTempKey(decodeEventKey(key)) : undefined;
}
interface S3Record {
  s3?: { object?: { key?: unknown } };
}

/** The fields of a line of JSON; none where it is something else. */
export function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value instanceof Object ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // plain text
  }
}
