import type { LocalRun } from "../embedded-aws";
import type { EventStream } from "./eventStream";
import { createFaultDesk, type FaultDesk } from "./faultDesk";
import { accessLogsOf } from "./accessLog";
import { denialOf, withDenial } from "./denials";
import { graphOf } from "./graph";
import type { LineReader } from "./lineReader";
import { detailsOf } from "./partDetails";
import type { Denial, Graph, Part, PartDetails, PipelineNow } from "./shapes";
import { createWork } from "./work";

export interface Pipeline {
  graph: Graph;
  order: FaultDesk["order"];
  now(): PipelineNow;
  /** Settings, policies and log of a part; undefined where there is none of this name. */
  details(name: string): PartDetails | undefined;
  /** Has a schedule invoke its functions now; false where there is none of this name. */
  fire(name: string): boolean;
  /** Whether a queue brings a function its messages. */
  isDriven: (functionName: string) => boolean;
  close(): void;
}

/** How often pages hear of changes, in milliseconds. */
const PERIOD = 250;

/** Follows queues, functions and denied calls, and notifies pages when they change. */
export function createPipeline(
  run: Pick<LocalRun, "cloud" | "faults" | "resources">,
  stream: Pick<EventStream, "listening" | "send">,
  read: LineReader,
): Pipeline {
  const { cloud, resources } = run;
  const graph = graphOf(resources, cloud.policies());
  const declared = (name: string) => resources.find((resource) => resource.name === name && resource.id !== "");
  const kindOf = (name: string) => graph.parts.find((part) => part.name === name)?.kind;
  const arnOf = (name: string): string => String(declared(name)?.state.arn);
  const functions = graph.parts
    .filter(({ kind }) => kind === "function")
    .map(({ name }) => ({ name, config: cloud.lambda.functionConfig(arnOf(name)) }));
  const logGroups = new Map(functions.map(({ name, config }) => [config.logGroup, name]));
  const work = createWork(logGroups, accessLogsOf(resources));
  let denied: Denial[] = [];

  /** Those that are looked at just now included. */
  const deadLettersOf = (name: string): number => {
    if (!declared(`${name}-dead-letters`)) return 0;
    const { visible, inFlight } = cloud.sqs.counts(arnOf(`${name}-dead-letters`));
    return visible + inFlight;
  };
  const now = (): PipelineNow => {
    const environments = cloud.lambda.environments();
    const partsOf = (wanted: Part["kind"]) => graph.parts.filter(({ kind }) => kind === wanted);
    return {
      queues: Object.fromEntries(
        partsOf("queue").map(({ name }) => {
          const { visible, inFlight, delayed } = cloud.sqs.counts(arnOf(name));
          return [name, { waiting: visible + delayed, inFlight, dead: deadLettersOf(name) }];
        }),
      ),
      buses: Object.fromEntries(partsOf("bus").map(({ name }) => [name, { dead: deadLettersOf(name) }])),
      functions: Object.fromEntries(
        functions.map(({ name, config }) => {
          const busy = environments.filter(({ functionName, busy }) => busy && functionName === config.name).length;
          return [name, { busy, ...work.done(name) }];
        }),
      ),
      apis: work.apis(),
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
      work.hear(group, text);
      changed();
    }),
    cloud.iam.onDecision((decision) => {
      if (decision.denied === undefined) return;
      denied = withDenial(denied, denialOf(decision, graph, declared));
      changed();
    }),
  ];
  return {
    graph,
    order: (kind, functionName) => desk.order(kind, functionName),
    now,
    details(name) {
      const resource = kindOf(name) && declared(name);
      return resource && detailsOf(resource, { resources, policies: cloud.policies(), logs: cloud.logs, read });
    },
    fire(name) {
      if (kindOf(name) !== "schedule") return false;
      void cloud.schedules.fire(String(declared(name)?.state.name)); // it announces failures itself
      return true;
    },
    isDriven: (functionName) => graph.edges.some(({ from, to }) => to === functionName && kindOf(from) === "queue"),
    close() {
      clearTimeout(timer);
      for (const stop of stops) stop();
    },
  };
}
