import type { LocalRun } from "../embedded-aws";
import type { LineReader } from "./lineReader";
import { objectIn } from "./logLines";
import type { ShownLine } from "./shapes";

export interface Logged {
  logs: Pick<LocalRun["cloud"]["logs"], "eventsOf">;
  resources: readonly Pick<LocalRun["resources"][number], "type" | "id">[];
  read: LineReader;
  /** Whether a queue brings a function of this name its messages. */
  isDriven: (functionName: string) => boolean;
}

/** A name's past, as far as the table and the buckets show it. */
export interface StoredMoments {
  /** When uploads were stored, by the generation that they became; ISO 8601. */
  uploads: ReadonlyMap<string, string>;
  /** The bucket that they were stored in, by its name in the diagram. */
  uploadBucket: string;
  /** A line for each rendition that is there. */
  renditions: ShownLine[];
}

/** The history of one image, of this run and those before, oldest first: lines logged about it, and what is stored. */
export function historyOf(
  { logs, resources, read, isDriven }: Logged,
  name: string,
  stored: StoredMoments,
): ShownLine[] {
  const uploads = new Map<string, string>();
  const lines = resources
    .filter(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup")
    .flatMap(({ id }) => {
      const starts = new Map<unknown, string>();
      return (logs.eventsOf(id) ?? []).flatMap(({ timestamp, message }) => {
        const time = new Date(timestamp).toISOString();
        if (message.includes('"platform.start"')) starts.set(...startIn(message, time));
        const line = read(id, time, message);
        if (line?.name !== name) return [];
        const { function_request_id: request, generation, latencyMs } = objectIn(message);
        if (typeof generation === "string" && typeof latencyMs === "number")
          uploads.set(generation, new Date(timestamp - latencyMs).toISOString());
        const received = isDriven(line.from) ? starts.get(request) : undefined;
        starts.delete(request); // shown once for all lines of an invocation
        return received === undefined ? [line] : [lineOf(received, line.from, "received"), line];
      });
    });
  for (const [generation, time] of stored.uploads) uploads.set(generation, time);
  const uploaded = [...uploads.values()].map((time) => lineOf(time, stored.uploadBucket, "uploaded"));
  return [...uploaded, ...lines, ...stored.renditions].sort((a, b) => Date.parse(a.time) - Date.parse(b.time));

  function lineOf(time: string, from: string, text: string): ShownLine {
    return { time, from, level: "INFO", text, name };
  }
}

/** The id of the invocation that begins, with its time. */
function startIn(message: string, time: string): [unknown, string] {
  const { record } = objectIn(message) as { record?: { requestId?: string } };
  return [record?.requestId, time];
}
