import type { LocalRun } from "../embedded-aws";
import type { EventStream } from "./eventStream";
import { createFaultDesk, type FaultDesk } from "./faultDesk";
import { graphOf } from "./graph";
import type { Denial, Graph, PartDetails, PipelineNow } from "./shapes";

export interface Pipeline {
  graph: Graph;
  order: FaultDesk["order"];
  now(): PipelineNow;
  /** Settings and policies of a part; undefined where there is none of this name. */
  details(name: string): PartDetails | undefined;
  close(): void;
}

/** How often pages hear of changes, in milliseconds. */
const PERIOD = 250;
const MOST_DENIALS = 20;

/** Follows queues, functions and denied calls, and tells pages when they change. */
export function createPipeline(
  run: Pick<LocalRun, "cloud" | "faults" | "resources">,
  stream: Pick<EventStream, "listening" | "send">,
): Pipeline {
  const { cloud, resources } = run;
  const graph = graphOf(resources, cloud.policies());
  const idOf = (name: string) => resources.find((resource) => resource.name === name && resource.id !== "");
  const arnOf = (name: string): string => String(idOf(name)?.state.arn);
  const functions = graph.parts
    .filter(({ kind }) => kind === "function")
    .map(({ name }) => ({ name, config: cloud.lambda.functionConfig(arnOf(name)) }));
  const lastMs = new Map<string, number>();
  const denied: Denial[] = [];

  const now = (): PipelineNow => {
    const environments = cloud.lambda.environments();
    const queues = graph.parts.filter(({ kind }) => kind === "queue");
    return {
      queues: Object.fromEntries(
        queues.map(({ name }) => {
          const { visible, inFlight, delayed } = cloud.sqs.counts(arnOf(name));
          const letters = idOf(`${name}-dead-letters`) && cloud.sqs.counts(arnOf(`${name}-dead-letters`));
          const dead = letters ? letters.visible + letters.inFlight : 0; // those that are looked at just now included
          return [name, { waiting: visible + delayed, inFlight, dead }];
        }),
      ),
      functions: Object.fromEntries(
        functions.map(({ name, config }) => {
          const busy = environments.filter(({ functionName, busy }) => busy && functionName === config.name).length;
          return [name, { busy, lastMs: lastMs.get(name) }];
        }),
      ),
      denied,
      faults: desk.now(),
    };
  };
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    if (!stream.listening) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      stream.send("pipeline", now());
    }, PERIOD).unref();
  };
  const desk = createFaultDesk(run, graph, changed);
  const stops = [
    () => desk.close(),
    cloud.sqs.onChange(changed),
    cloud.logs.onLine((group, text) => {
      const duration = durationIn(text);
      const found = functions.find(({ config }) => config.logGroup === group);
      if (found && duration !== undefined) lastMs.set(found.name, duration);
      changed();
    }),
    cloud.iam.onDecision(({ denied: reason, caller, action, resource }) => {
      if (reason === undefined) return;
      const by = functions.find(({ config }) => config.role === caller.arn)?.name ?? caller.arn;
      const at = graph.parts.find(({ name }) => isOf(resource, arnOf(name)))?.name;
      denied.unshift({ time: new Date().toISOString(), by, action, resource, at });
      denied.splice(MOST_DENIALS);
      changed();
    }),
  ];
  return {
    graph,
    order: (kind, functionName) => desk.order(kind, functionName),
    now,
    details(name) {
      const resource = idOf(name);
      if (!resource || !graph.parts.some((part) => part.name === name)) return undefined;
      const holders = [resource.state.arn, resource.state.role];
      // All but the bundle, which is long.
      const settings = Object.fromEntries(Object.entries(resource.given).filter(([key]) => key !== "code"));
      return {
        settings,
        policies: cloud
          .policies()
          .filter(({ holder }) => holders.includes(holder))
          .map((policy) => ({ name: policy.name, document: policy.document })),
      };
    },
    close() {
      clearTimeout(timer);
      for (const stop of stops) stop();
    },
  };
}

/** Whether an ARN is a part's own, or of something in it: an object, an index. */
const isOf = (arn: string, part: string): boolean => arn === part || arn.startsWith(`${part}/`);

/** The duration that Lambda reports at an invocation's end. */
function durationIn(text: string): number | undefined {
  if (!text.includes('"platform.report"')) return undefined;
  const { record } = JSON.parse(text) as { record?: { metrics?: { durationMs?: number } } };
  return record?.metrics?.durationMs;
}
