import { FUNCTION, LOG_GROUP, MAPPING, QUEUE, TABLE, TOPIC } from "../model/awsTypes";
import { deadLettersOf, INVOKE_CONFIG, SUBSCRIPTION } from "../model/deadLetters";
import type { Graph } from "../model/graph";
import { readText } from "../model/read";
import type { Resource } from "../model/resource";
import { at, attempt, type Follower } from "./place";
import { FIREHOSE, STATE_MACHINE, STREAM } from "./types";

/** Resources that services deliver to. */
export const receivers = [QUEUE, TOPIC, FUNCTION, STATE_MACHINE, STREAM, FIREHOSE] as const;

/** One end of a link: the property that names the resource, and its types. `itself` is the link's own resource. */
type End = "itself" | { property: string; types: readonly string[] };

/** A resource that takes work from one resource to another. */
interface Link {
  type: string;
  from: End;
  to: End;
  /** The work arrives with a caller that waits. Default: false. */
  synchronous?: true;
  /** The property and value with which it does nothing. Default: it always works. */
  off?: readonly [property: string, value: string];
}

const PIPE = "aws:pipes/pipe:Pipe";
const sources = [QUEUE, STREAM, TABLE];
const to = (property: string): End => ({ property, types: receivers });
const from = (property: string, ...types: string[]): End => ({ property, types });

const links: readonly Link[] = [
  {
    type: MAPPING,
    from: from("eventSourceArn", ...sources),
    to: { property: "functionName", types: [FUNCTION] },
    synchronous: true,
    off: ["enabled", "false"],
  },
  { type: PIPE, from: from("source", ...sources), to: to("target"), off: ["desiredState", "STOPPED"] },
  {
    type: PIPE,
    from: from("source", ...sources),
    to: to("enrichment"),
    synchronous: true,
    off: ["desiredState", "STOPPED"],
  },
  { type: SUBSCRIPTION, from: from("topic", TOPIC), to: to("endpoint") },
  {
    type: "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    from: from("logGroup", LOG_GROUP),
    to: to("destinationArn"),
  },
  {
    type: "aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination",
    from: from("tableName", TABLE),
    to: to("streamArn"),
  },
  { type: FIREHOSE, from: from("kinesisSourceConfiguration.kinesisStreamArn", STREAM), to: "itself" },
  { type: INVOKE_CONFIG, from: from("functionName", FUNCTION), to: to("destinationConfig.onSuccess.destination") },
  { type: INVOKE_CONFIG, from: from("functionName", FUNCTION), to: to("destinationConfig.onFailure.destination") },
  { type: FUNCTION, from: "itself", to: to("deadLetterConfig.targetArn") },
  { type: MAPPING, from: from("eventSourceArn", ...sources), to: to("destinationConfig.onFailure.destinationArn") },
];

/**
 * The steps that resources such as mappings and subscriptions make. A function's destinations take only what it was given without a caller
 * that waits: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const linked: Follower = function* (graph, place) {
  if (place.kind !== "resource") return;
  const { resource, asynchronous } = place;
  if (resource.type === FUNCTION && !asynchronous) return;
  for (const { type, from, to, synchronous, off } of links)
    for (const link of graph.all(type))
      yield* attempt(function* () {
        if (endOf(graph, link, from) !== resource || (off && readText(link, off[0]) === off[1])) return;
        const next = endOf(graph, link, to);
        if (next) yield { to: at(next, !synchronous), by: link.name };
      });
};

/** Messages that could not be finished. */
export const redriven: Follower = function* (graph, place) {
  if (place.kind !== "resource") return;
  const { resource } = place;
  const declared = [
    ...(resource.type === QUEUE
      ? [resource, ...graph.referrers(resource, "aws:sqs/redrivePolicy:RedrivePolicy", "queueUrl")]
      : []),
    ...(resource.type === TOPIC ? graph.referrers(resource, SUBSCRIPTION, "topic") : []),
  ];
  for (const source of declared)
    yield* attempt(function* () {
      for (const { queue } of deadLettersOf(graph, source))
        if (queue) yield { to: at(queue), by: `dead letters of ${source.name}` };
    });
};

function endOf(graph: Graph, link: Resource, end: End): Resource | undefined {
  return end === "itself" ? link : graph.target(link, end.property, ...end.types);
}
