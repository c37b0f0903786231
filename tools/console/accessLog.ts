import type { LocalRun } from "../embedded-aws";
import { objectIn } from "./logLines";
import type { ShownLine } from "./shapes";

/** The APIs' names by the log groups of their stages' access logs. */
export function accessLogsOf(
  resources: readonly Pick<LocalRun["resources"][number], "name" | "type" | "id" | "state">[],
): Map<string, string> {
  const nameOf = (id: unknown) => resources.find(({ type, id: own }) => type.endsWith(":RestApi") && own === id)?.name;
  return new Map(
    resources.flatMap(({ type, state }) => {
      if (!type.endsWith("/stage:Stage")) return [];
      const { destinationArn = "" } = (state.accessLogSettings ?? {}) as { destinationArn?: string };
      const [, group] = /:log-group:(.+?)(?::\*)?$/.exec(destinationArn) ?? [];
      const api = nameOf(state.restApi);
      return group !== undefined && api !== undefined ? [[group, api] as const] : [];
    }),
  );
}

/** A request in an API's access log; a write is about the image of its path. */
export function accessLine(time: string, api: string, text: string): ShownLine | undefined {
  const { httpMethod: method, path, status, responseLatency } = objectIn(text);
  if (typeof method !== "string" || typeof path !== "string") return undefined;
  const [, segment] = /\/raw\/([^/]+)$/.exec(path) ?? [];
  const isWrite = method === "PUT" || method === "DELETE";
  return {
    time,
    from: api,
    level: levelOf(Number(status)),
    text: `${method} ${decoded(path)}: ${String(status)} in ${String(responseLatency)} ms`,
    ...(isWrite && segment !== undefined && { name: decoded(segment) }),
  };
}

/** A 404 or 410 is what a client asks for while it waits. */
function levelOf(status: number): string {
  if (status >= 500) return "ERROR";
  return [400, 401, 403, 413, 429].includes(status) ? "WARN" : "INFO";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a request may have any path
  }
}
