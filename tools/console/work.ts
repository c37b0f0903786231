import { objectIn } from "./logLines";
import type { PipelineNow } from "./shapes";

type Done = Omit<PipelineNow["functions"][string], "busy">;
type Answered = PipelineNow["apis"][string];

/** Counts what functions and APIs have done in this run, by what is written to their logs. */
export interface Work {
  hear(group: string, text: string): void;
  /** Of a function. */
  done(name: string): Done;
  apis(): PipelineNow["apis"];
}

/**
 * @param functions their names by the groups of their logs
 * @param apis their names by the groups of their access logs
 */
export function createWork(functions: ReadonlyMap<string, string>, apis: ReadonlyMap<string, string>): Work {
  const done = new Map<string, Done>();
  const answered = new Map<string, Answered>();
  return {
    hear(group, text) {
      const name = functions.get(group);
      const lastMs = name === undefined ? undefined : durationIn(text);
      if (name !== undefined && lastMs !== undefined)
        done.set(name, { ended: (done.get(name)?.ended ?? 0) + 1, lastMs });
      const api = apis.get(group);
      if (api === undefined) return;
      const { status, responseLatency } = objectIn(text);
      const requests = (answered.get(api)?.requests ?? 0) + 1;
      answered.set(api, { requests, lastStatus: String(status), lastMs: String(responseLatency) });
    },
    done: (name) => done.get(name) ?? { ended: 0 },
    apis: () => Object.fromEntries([...apis.values()].map((name) => [name, answered.get(name) ?? { requests: 0 }])),
  };
}

/** The duration that Lambda reports at an invocation's end. */
function durationIn(text: string): number | undefined {
  if (!text.includes('"platform.report"')) return undefined;
  const { record } = objectIn(text) as { record?: { metrics?: { durationMs?: number } } };
  return record?.metrics?.durationMs;
}
