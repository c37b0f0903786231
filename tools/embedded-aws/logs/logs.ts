import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import type { Place } from "../place";

export interface Logs {
  /** Appends lines to a stream; authorised as `logs:CreateLogStream` and `logs:PutLogEvents` of the principal. */
  write(group: string, stream: string, lines: string[], principal: Principal): void;
}

export interface LogsAdmin {
  /** Creates a log group; lines for groups that do not exist are dropped. */
  declareGroup(name: string): void;
  /** The file of a stream. */
  fileOf(group: string, stream: string): string;
  /** All lines of a group in the order of their times, or undefined where it is not declared. */
  eventsOf(group: string): LogEvent[] | undefined;
  /** Calls `listener` with every written line and its time; returns a function that ends that. */
  onLine(listener: Listener): () => void;
}

/** `timestamp`: milliseconds since 1970, as in `eventsOf`. */
type Listener = (group: string, line: string, timestamp: number) => void;

/** One line of a log. */
interface LogEvent {
  stream: string;
  /** Milliseconds since 1970. */
  timestamp: number;
  message: string;
}

interface LogsOptions {
  /** Folder of all log files. */
  dir: string;
  iam: Iam;
  place: Place;
  /** Milliseconds since 1970; a test's own clock. */
  now?: () => number;
}

/**
 * CloudWatch Logs as files: `<dir>/<group>/<stream>.log`, the slashes of a group's name as folders. Each line has the time
 * at which it was written in front.
 */
export function createLogs({ dir, iam, place, now = Date.now }: LogsOptions): Logs & LogsAdmin {
  const groups = new Set<string>();
  const streams = new Set<string>();
  const listeners = new Set<Listener>();
  const arnOf = (group: string, stream: string): string =>
    `arn:${place.partition}:logs:${place.region}:${place.accountId}:log-group:${group}:log-stream:${stream}`;
  const fileOf = (group: string, stream: string): string =>
    join(dir, ...group.split("/").filter(Boolean).map(fileName), `${fileName(stream)}.log`);

  return {
    write(group, stream, lines, principal) {
      const resource = arnOf(group, stream);
      const file = fileOf(group, stream);
      if (!streams.has(resource)) {
        iam.authorize({ principal, action: "logs:CreateLogStream", resource });
        if (!groups.has(group)) return;
        mkdirSync(dirname(file), { recursive: true });
        streams.add(resource);
      }
      iam.authorize({ principal, action: "logs:PutLogEvents", resource });
      const timestamp = now();
      const time = new Date(timestamp).toISOString();
      appendFileSync(file, lines.map((line) => `${time} ${line}\n`).join(""));
      for (const listener of listeners) for (const line of lines) listener(group, line, timestamp);
    },
    declareGroup: (name) => void groups.add(name),
    fileOf,
    eventsOf(group) {
      if (!groups.has(group)) return undefined;
      const folder = dirname(fileOf(group, "any"));
      const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".log")) : [];
      return files.flatMap((file) => eventsIn(join(folder, file))).sort((a, b) => a.timestamp - b.timestamp);
    },
    onLine(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function eventsIn(file: string): LogEvent[] {
  const stream = basename(file, ".log");
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => {
    const space = line.indexOf(" ");
    return { stream, timestamp: Date.parse(line.slice(0, space)), message: line.slice(space + 1) };
  });
}

/** A name that every file system accepts: other characters are percent-encoded, and a name of dots gets a prefix. */
function fileName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_.#$[\]-]/g, (character) =>
    character === "/" ? "-" : encodeURIComponent(character),
  );
  return /^\.+$/.test(safe) ? `_${safe}` : safe;
}
