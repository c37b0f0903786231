import type { LocalRun } from "../embedded-aws";
import type { FaultsNow, Graph, OrderedFault } from "./shapes";

export interface FaultDesk {
  /** Has a fault strike a function, or its queue, at the next occasion. False where there is no such fault or function. */
  order(kind: string, functionName: string): boolean;
  now(): FaultsNow;
  close(): void;
}

const MOST_STRIKES = 20;
/** How often each strikes: calls that are throttled must outlast the SDK's own tries, four in all. */
const times: Record<Exclude<OrderedFault, "poison">, number> = { throttle: 10, kill: 1, answer: 1, duplicate: 1 };
const isTimed = (kind: string): kind is keyof typeof times => Object.hasOwn(times, kind);

/** Orders faults for functions that queues drive, and remembers those that struck. */
export function createFaultDesk(
  { cloud, faults, resources }: Pick<LocalRun, "cloud" | "faults" | "resources">,
  graph: Graph,
  changed: () => void,
): FaultDesk {
  const stateOf = (name: string) => resources.find((resource) => resource.name === name && resource.id !== "")?.state;
  const kindOf = (name: string) => graph.parts.find((part) => part.name === name)?.kind;
  const driven = new Map(
    graph.edges
      .filter(({ from, to }) => kindOf(from) === "queue" && kindOf(to) === "function")
      .map(({ from, to }) => [
        to,
        { role: String(stateOf(to)?.role), queue: from, queueArn: String(stateOf(from)?.arn) },
      ]),
  );
  const hearsBucket = (name: string): boolean =>
    graph.edges.some(({ from, to }) => to === driven.get(name)?.queue && kindOf(from) === "bucket");
  // The one that takes uploads in comes first: each file that is sent gives it work.
  const functions = [...driven.keys()].sort((a, b) => Number(hearsBucket(b)) - Number(hearsBucket(a)));
  const partOf = (arn: string | undefined): string | undefined => {
    for (const [name, { role, queue, queueArn }] of driven) {
      if (arn === role) return name;
      if (arn === queueArn) return queue;
    }
    return undefined;
  };
  const struck: FaultsNow["struck"] = [];
  const stop = faults.onStrike(({ kind, of, call }) => {
    struck.unshift({ time: new Date().toISOString(), kind, at: partOf(of), call });
    struck.splice(MOST_STRIKES);
    changed();
  });
  return {
    order(kind, functionName) {
      const found = driven.get(functionName);
      const owner = cloud.iam.lookup(cloud.iam.owner.accessKeyId)?.principal;
      if (!found || !owner) return false;
      if (kind === "poison") cloud.sqs.deliver(found.queueArn, "This cannot be read as a message.", owner);
      else if (isTimed(kind))
        faults.order({ kind, of: kind === "duplicate" ? found.queueArn : found.role, times: times[kind] });
      else return false;
      changed();
      return true;
    },
    now: () => ({
      functions,
      ordered: faults.orders.map(({ kind, of, times }) => ({ kind, at: partOf(of) ?? of, times })),
      struck,
    }),
    close: stop,
  };
}
