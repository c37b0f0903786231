import { FUNCTION, MAPPING, QUEUE } from "../../model/awsTypes";
import { parseArn } from "../../model/arn";
import type { Graph } from "../../model/graph";
import { parts, read, readList, readNumber, readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { rule } from "../rule";

const PERMISSION = "aws:lambda/permission:Permission";

export const permission = rule({
  name: "lambda-permission",
  group: "Lambda",
  ids: ["Lambda.1", "CKV_AWS_301", "CKV_AWS_364", "CFN-F13"],
  level: "mandatory",
  title: "Every permission names its principal, and for a service the source",
  reason: "Anyone's API, bucket or topic could invoke the function through the same service.",
  remedy: "Set principal to one service or account, and sourceArn to the one resource that invokes.",
  types: [PERMISSION],
  reads: "resource",
  *check(permission) {
    const principal = readText(permission, "principal");
    if (principal === undefined || principal.includes("*"))
      yield { property: "principal", value: principal, allowed: "one service or account" };
    const sourceArn = readText(permission, "sourceArn");
    const isService = principal?.includes(".amazonaws.com") ?? false;
    const isNarrow = sourceArn !== undefined && !["", "*"].includes(parseArn(sourceArn)?.resource ?? "");
    if (isService && !isNarrow)
      yield { property: "sourceArn", value: sourceArn, allowed: "the ARN of the resource that invokes" };
    const needsAccount = principal === "s3.amazonaws.com" && readText(permission, "sourceAccount") === undefined;
    // The ARN of a bucket does not contain its account.
    if (needsAccount) yield { property: "sourceAccount", allowed: "the bucket's account" };
  },
});

export const reservedConcurrency = rule({
  name: "lambda-reserved-concurrency",
  group: "Lambda",
  ids: ["CKV_AWS_115", "CFN-W92"],
  level: "advisory",
  title: "Functions behind an API have reserved concurrency",
  reason: "Work in the background could use up the account's concurrency, and the API would answer 429.",
  remedy: "Set reservedConcurrentExecutions, where the account's limit leaves room for it.",
  types: [FUNCTION],
  reads: "graph",
  *check(lambda, graph) {
    const isBehindApi = graph
      .referrers(lambda, PERMISSION, "function")
      .some((permission) => readText(permission, "principal") === "apigateway.amazonaws.com");
    const property = "reservedConcurrentExecutions";
    const value = readNumber(lambda, property);
    if (isBehindApi && (value === undefined || value < 0)) yield { property, value, allowed: "1 or more" };
  },
});

/** The kind of a mapping's source: `sqs`, `kinesis`, `dynamodb` … */
function sourceOf(mapping: Resource, graph: Graph): string | undefined {
  const queue = graph.target(mapping, "eventSourceArn", QUEUE);
  return queue ? "sqs" : parseArn(readText(mapping, "eventSourceArn") ?? "")?.service;
}

export const maximumConcurrency = rule({
  name: "lambda-maximum-concurrency",
  group: "Lambda",
  ids: [],
  level: "mandatory",
  title: "The mapping of a queue limits how many runs it starts at once",
  reason:
    "A burst of messages would take all concurrency; a limit above the reserved one throttles and buries messages.",
  remedy: "Set scalingConfig.maximumConcurrency, not above the function's reservedConcurrentExecutions.",
  types: [MAPPING],
  reads: "graph",
  *check(mapping, graph) {
    if (sourceOf(mapping, graph) !== "sqs") return;
    const property = "scalingConfig.maximumConcurrency";
    const value = readNumber(mapping, property);
    const lambda = graph.target(mapping, "functionName", FUNCTION);
    const reserved = lambda && readNumber(lambda, "reservedConcurrentExecutions");
    if (value === undefined) yield { property, allowed: "2 to 1000" };
    else if (reserved !== undefined && reserved >= 0 && value > reserved)
      yield { property, value, allowed: `at most ${reserved}, the function's reservedConcurrentExecutions` };
  },
});

export const batchItemFailures = rule({
  name: "lambda-batch-item-failures",
  group: "Lambda",
  ids: [],
  level: "mandatory",
  title: "A function reports which messages of a batch failed",
  reason: "One bad message would bring its whole batch back, again and again.",
  remedy: "Set functionResponseTypes to ReportBatchItemFailures, and return batchItemFailures.",
  types: [MAPPING],
  reads: "graph",
  *check(mapping, graph) {
    const property = "functionResponseTypes";
    const value = readList(mapping, property);
    if (!["sqs", "kinesis", "dynamodb"].includes(sourceOf(mapping, graph) ?? "")) return;
    if (!value.includes("ReportBatchItemFailures")) yield { property, value, allowed: "ReportBatchItemFailures" };
  },
});

export const noFilters = rule({
  name: "lambda-no-filters",
  group: "Lambda",
  ids: [],
  level: "mandatory",
  title: "The mapping of a queue does not filter messages",
  reason: "Lambda silently deletes the messages that do not match.",
  remedy: "Filter in the function, or where messages are sent.",
  types: [MAPPING],
  reads: "graph",
  *check(mapping, graph) {
    if (sourceOf(mapping, graph) !== "sqs") return;
    const property = "filterCriteria.filters";
    if (parts(mapping, property).length > 0) yield { property, value: read(mapping, property), allowed: "not set" };
  },
});

export const timeoutBelowVisibility = rule({
  name: "lambda-timeout-below-visibility",
  group: "Lambda",
  ids: ["NAG-serverless"],
  level: "mandatory",
  title: "A function ends before its messages become visible again",
  reason: "A second run would work on the message while the first one does.",
  remedy: "Lower the function's timeout, or raise the queue's visibilityTimeoutSeconds.",
  types: [MAPPING],
  reads: "graph",
  *check(mapping, graph) {
    const queue = graph.target(mapping, "eventSourceArn", QUEUE);
    const lambda = graph.target(mapping, "functionName", FUNCTION);
    if (!queue || !lambda) return;
    const value = readNumber(lambda, "timeout") ?? DEFAULT_TIMEOUT_SECONDS;
    const visibility = readNumber(queue, "visibilityTimeoutSeconds") ?? DEFAULT_VISIBILITY_SECONDS;
    if (value >= visibility)
      yield { property: "timeout", value, allowed: `less than ${visibility}, the queue's visibility`, on: lambda };
  },
});
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_VISIBILITY_SECONDS = 30;
