import type { LocalRun } from "../embedded-aws";
import { accessLine, accessLogsOf } from "./accessLog";
import { shownLine } from "./logLines";
import type { ShownLine } from "./shapes";

/** Reads a line of a log group: undefined where it is for machines. */
export type LineReader = (group: string, time: string, text: string) => ShownLine | undefined;

export function createLineReader(resources: LocalRun["resources"]): LineReader {
  const apis = accessLogsOf(resources);
  return (group, time, text) => {
    const api = apis.get(group);
    return api === undefined ? shownLine(time, text) : accessLine(time, api, text);
  };
}
