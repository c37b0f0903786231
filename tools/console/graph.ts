import { grantsOf, type DeclaredPolicy, type LocalRun } from "../embedded-aws";
import { withRows } from "./layout";
import type { Graph, Part } from "./shapes";

type Resource = Pick<LocalRun["resources"][number], "name" | "type" | "id" | "state">;

const kinds: Record<string, Part["kind"]> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:s3/bucketV2:BucketV2": "bucket",
  "aws:sqs/queue:Queue": "queue",
  "aws:lambda/function:Function": "function",
  "aws:dynamodb/table:Table": "table",
  "aws:cloudwatch/eventBus:EventBus": "bus",
  "aws:apigateway/restApi:RestApi": "api",
  "aws:cloudwatch/eventRule:EventRule": "schedule",
  "aws:cloudfront/distribution:Distribution": "distribution",
};

/**
 * The parts that a program declares, and where data goes between them, from the roles' policies, the buckets'
 * notifications, the distributions' origins, and the permissions to invoke functions. A dead-letter queue is shown with its
 * queue or bus, where it has one.
 */
export function graphOf(resources: readonly Resource[], policies: readonly DeclaredPolicy[]): Graph {
  const hasDeadLetters = (name: string): boolean =>
    resources.some((other) => other.name === name && ["queue", "bus"].includes(kinds[other.type] ?? ""));
  const declared = resources.flatMap((resource) => {
    const kind = kinds[resource.type];
    const [source = "", suffix] = resource.name.split(/(-dead-letters)$/);
    const isHidden =
      (suffix !== undefined && hasDeadLetters(source)) ||
      (kind === "schedule" && resource.state.scheduleExpression === undefined); // a rule that hears events
    return kind && !isHidden ? [{ ...resource, kind, arn: String(resource.state.arn) }] : [];
  });
  const edges = new Map<string, Graph["edges"][number]>();
  const add = (from: string, to: string): void => void edges.set(`${from} ${to}`, { from, to });
  for (const { holder, actionPattern, resourcePattern } of grantsOf(policies)) {
    const caller = declared.find((part) => isRoleOf(part, holder));
    const called = declared.find(({ arn }) => resourcePattern === arn || resourcePattern.startsWith(`${arn}/`));
    if (!caller || !called) continue;
    if (/:(Get|Receive|Query|Scan)/.test(actionPattern)) add(called.name, caller.name);
    if (/:(Put|Send|Delete(?!Message)|Update|CreateInvalidation)/.test(actionPattern)) add(caller.name, called.name);
  }
  for (const { type, state } of resources) {
    if (type !== "aws:s3/bucketNotification:BucketNotification") continue;
    const bucket = declared.find(({ id }) => id === state.bucket);
    for (const { queueArn } of (state.queues ?? []) as { queueArn: string }[]) {
      const queue = declared.find(({ arn }) => arn === queueArn);
      if (bucket && queue) add(bucket.name, queue.name);
    }
  }
  for (const { name, kind, state } of declared) {
    if (kind !== "distribution") continue;
    for (const { domainName } of (state.origins ?? []) as { domainName: string }[]) {
      const bucket = declared.find(
        (part) => part.kind === "bucket" && part.state.bucketRegionalDomainName === domainName,
      );
      if (bucket) add(bucket.name, name);
    }
  }
  for (const { type, state } of resources) {
    if (type !== "aws:lambda/permission:Permission") continue;
    const source = String(state.sourceArn);
    const invoker = declared.find(
      (part) => source === part.arn || source.startsWith(`${String(part.state.executionArn)}/`),
    );
    const invoked = declared.find(({ kind, id }) => kind === "function" && id === state.function);
    if (invoker && invoked) add(invoker.name, invoked.name);
  }
  const all = [...edges.values()];
  const kindOf = (name: string): Part["kind"] | undefined => declared.find((part) => part.name === name)?.kind;
  const isInvoked = (name: string): boolean =>
    all.some(({ from, to }) => to === name && ["api", "schedule"].includes(kindOf(from) ?? ""));
  const notifies = (name: string): boolean => all.some(({ from, to }) => from === name && kindOf(to) === "queue");
  const columnOf = (name: string, kind: Part["kind"]): number => {
    if (kind === "api" || kind === "schedule") return 0;
    if (kind === "queue") return 2;
    if (kind === "distribution") return 5;
    if (kind === "function") return isInvoked(name) ? 1 : 3;
    return notifies(name) ? 1 : 4;
  };
  const parts = declared.map(({ name, kind, state }) => ({
    name,
    kind,
    ...(kind === "schedule" && { about: String(state.scheduleExpression) }),
    column: columnOf(name, kind),
  }));
  return { parts: withRows(parts, all), edges: all };
}

/** Whether a part calls AWS as this role: a function as its own, an API as one that its document names. */
export const isRoleOf = ({ type, state }: Pick<Resource, "type" | "state">, role: string): boolean =>
  state.role === role || (kinds[type] === "api" && String(state.body).includes(JSON.stringify(role)));
