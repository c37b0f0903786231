import type { DeclaredPolicy, LocalRun } from "../embedded-aws";
import { accessLogsOf } from "./accessLog";
import { isRoleOf } from "./graph";
import type { LineReader } from "./lineReader";
import type { PartDetails } from "./shapes";

type Resource = LocalRun["resources"][number];

const MOST_LINES = 50;
/** Properties by which a resource says whose settings it holds. */
const belonging = ["bucket", "queueUrl", "restApi", "rule", "functionName", "eventSourceArn"];
/** Policies are shown as such. */
const isPolicy = (type: string): boolean => /Policy$|:Permission$/.test(type);

interface Known {
  resources: readonly Resource[];
  policies: readonly DeclaredPolicy[];
  logs: Pick<LocalRun["cloud"]["logs"], "eventsOf">;
  read: LineReader;
}

/** Settings, policies and the log of one resource, with what is declared beside it for it. */
export function detailsOf(resource: Resource, { resources, policies, logs, read }: Known): PartDetails {
  const { id, state } = resource;
  const own = [id, state.arn, state.url].filter((value) => typeof value === "string");
  const beside = resources.filter(
    (other) =>
      other !== resource && !isPolicy(other.type) && belonging.some((key) => own.includes(String(other.state[key]))),
  );
  return {
    settings: [resource, ...beside].map((each) => ({ name: each.name, values: settingsOf(each) })),
    policies: policies
      .filter(({ holder }) => [state.arn, state.executionArn].includes(holder) || isRoleOf(resource, holder))
      .map((policy) => ({ name: policy.name, document: policy.document })),
    ...linesOf(resource, { resources, logs, read }),
  };
}

/** All but a function's bundle, which is long; documents as what they hold. */
function settingsOf({ given }: Resource): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (key === "code" ? [] : [[key, documentIn(value)] as const])),
  );
}

function documentIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^[{[]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The lines of a function's log or an API's access log, the last one first. */
function linesOf(
  { name, state }: Resource,
  { resources, logs, read }: Omit<Known, "policies">,
): Pick<PartDetails, "lines"> {
  const { logGroup } = (state.loggingConfig ?? {}) as { logGroup?: string };
  const group = logGroup ?? [...accessLogsOf(resources)].find(([, api]) => api === name)?.[0];
  if (group === undefined) return {};
  const lines = (logs.eventsOf(group) ?? []).flatMap(
    ({ timestamp, message }) => read(group, new Date(timestamp).toISOString(), message) ?? [],
  );
  return { lines: lines.slice(-MOST_LINES).reverse() };
}
