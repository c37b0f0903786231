import { awsJson } from "../support/awsJson";
import type { Target } from "../support/target";
import { anyOf, formsOf, isAbout } from "./aboutImage";

/** A line that a function logged. */
export interface LogLine {
  /** Milliseconds since 1970. */
  at: number;
  /** Logical name. */
  function: string;
  /** As it was written. */
  text: string;
  /** Its fields, where it is JSON. */
  fields: Record<string, unknown>;
}

export interface LineQuery {
  /** Milliseconds since 1970. */
  since: number;
  /** Only of this function. Default: of all. */
  function?: string;
  /** Only lines about the image of this name. */
  image?: string;
  /** Lines of each function, at most; the newest are kept. Default: all. */
  most?: number;
}

/** Lines of a stack's functions by their time. @throws Error that names the functions, where one is not known */
export async function logLines(target: Target, query: LineQuery): Promise<LogLine[]> {
  const groups = Object.entries(target.logGroups).filter(([name]) => (query.function ?? name) === name);
  if (groups.length === 0) {
    const known = Object.keys(target.logGroups).join(", ");
    throw new Error(`there is no function ${query.function ?? ""}; there are ${known}`);
  }
  const all = await Promise.all(groups.map(([name, group]) => linesOf(target, name, group, query)));
  return all.flat().sort((a, b) => a.at - b.at);
}

async function linesOf(target: Target, name: string, group: string, query: LineQuery): Promise<LogLine[]> {
  const { since, image, most = Infinity } = query;
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const answer = (await awsJson(target, {
      service: "logs",
      method: "POST",
      path: "/",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "Logs_20140328.FilterLogEvents" },
      body: {
        logGroupName: group,
        startTime: since,
        ...(image !== undefined && { filterPattern: anyOf(formsOf(image)) }),
        ...(nextToken !== undefined && { nextToken }),
      },
    })) as { events: { timestamp: number; message: string }[]; nextToken?: string };
    const found = answer.events.map(({ timestamp, message }) => ({
      at: timestamp,
      function: name,
      text: message.trimEnd(),
      fields: fieldsOf(message),
    }));
    lines.push(...found.filter((line) => image === undefined || isAbout(line, image)));
    if (lines.length > most) lines.splice(0, lines.length - most);
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

function fieldsOf(message: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A line for a person: time, function, level where it is not INFO, message and error. Undefined for lines of the platform. */
export function lineText({ at, function: name, text, fields }: LogLine): string | undefined {
  if (typeof fields.type === "string" && fields.type.startsWith("platform.")) return undefined;
  if (fields._aws !== undefined) return undefined; // metrics
  const level = typeof fields.level === "string" && fields.level !== "INFO" ? `${fields.level} ` : "";
  const message = typeof fields.message === "string" ? fields.message : text;
  const { error } = fields as { error?: { name?: string; message?: string } };
  const cause = error?.message === undefined ? "" : `: ${error.name ?? "Error"}: ${error.message}`;
  return `${new Date(at).toISOString()}  ${name}  ${level}${message}${cause}`;
}
