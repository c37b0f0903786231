import type { LocalRun } from "../embedded-aws";
import { shownLine } from "./logLines";
import type { ShownLine } from "./shapes";

interface Logged {
  logs: Pick<LocalRun["cloud"]["logs"], "eventsOf">;
  resources: Pick<LocalRun["resources"][number], "type" | "id">[];
}

/** The lines that functions logged about one image, in this run and those before, oldest first. */
export function historyOf({ logs, resources }: Logged, name: string): ShownLine[] {
  return resources
    .filter(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup")
    .flatMap(({ id }) => logs.eventsOf(id) ?? [])
    .sort((a, b) => a.timestamp - b.timestamp)
    .flatMap(({ timestamp, message }) => {
      const line = shownLine(new Date(timestamp).toISOString(), message);
      return line?.name === name ? [line] : [];
    });
}
