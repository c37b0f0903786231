import { grantsOf, type DeclaredPolicy, type LocalRun } from "../embedded-aws";
import type { Graph, Part } from "./shapes";

type Resource = Pick<LocalRun["resources"][number], "name" | "type" | "id" | "state">;

const kinds: Record<string, Part["kind"]> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:s3/bucketV2:BucketV2": "bucket",
  "aws:sqs/queue:Queue": "queue",
  "aws:lambda/function:Function": "function",
  "aws:dynamodb/table:Table": "table",
  "aws:cloudwatch/eventBus:EventBus": "bus",
};

/**
 * The parts that a program declares, and where data goes between them, from the roles' policies and the buckets'
 * notifications. A dead-letter queue is shown with its queue, where it has one.
 */
export function graphOf(resources: readonly Resource[], policies: readonly DeclaredPolicy[]): Graph {
  const isQueue = (name: string): boolean =>
    resources.some((other) => other.name === name && kinds[other.type] === "queue");
  const declared = resources.flatMap((resource) => {
    const kind = kinds[resource.type];
    const [source = "", suffix] = resource.name.split(/(-dead-letters)$/);
    return kind && !(suffix !== undefined && isQueue(source))
      ? [{ ...resource, kind, arn: String(resource.state.arn) }]
      : [];
  });
  const edges = new Map<string, Graph["edges"][number]>();
  const add = (from: string, to: string): void => void edges.set(`${from} ${to}`, { from, to });
  for (const { holder, actionPattern, resourcePattern } of grantsOf(policies)) {
    const caller = declared.find(({ kind, state }) => kind === "function" && state.role === holder);
    const called = declared.find(({ arn }) => resourcePattern === arn || resourcePattern.startsWith(`${arn}/`));
    if (!caller || !called) continue;
    if (/:(Get|Receive|Query|Scan)/.test(actionPattern)) add(called.name, caller.name);
    if (/:(Put|Send|Delete(?!Message)|Update)/.test(actionPattern)) add(caller.name, called.name);
  }
  for (const { type, state } of resources) {
    if (type !== "aws:s3/bucketNotification:BucketNotification") continue;
    const bucket = declared.find(({ id }) => id === state.bucket);
    for (const { queueArn } of (state.queues ?? []) as { queueArn: string }[]) {
      const queue = declared.find(({ arn }) => arn === queueArn);
      if (bucket && queue) add(bucket.name, queue.name);
    }
  }
  const all = [...edges.values()];
  const isFed = (name: string): boolean => all.some(({ from, to }) => to === name && kindOf(from) === "queue");
  const notifies = (name: string): boolean => all.some(({ from, to }) => from === name && kindOf(to) === "queue");
  const kindOf = (name: string): Part["kind"] | undefined => declared.find((part) => part.name === name)?.kind;
  const columnOf = (name: string, kind: Part["kind"]): number => {
    if (kind === "queue") return 1;
    if (kind === "function") return isFed(name) ? 2 : 0;
    return notifies(name) ? 0 : 3;
  };
  return { parts: declared.map(({ name, kind }) => ({ name, kind, column: columnOf(name, kind) })), edges: all };
}
