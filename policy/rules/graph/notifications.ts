import { BUCKET, NOTIFICATION } from "../../model/awsTypes";
import type { Graph } from "../../model/graph";
import { iamPattern, example, literal, oneOf, both } from "../../model/pattern";
import { notificationLists } from "../../flow/objects";
import { arnOf } from "../../flow/place";
import { grantsOn } from "../../model/policies";
import { readList, readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { rule, type Setting } from "../rule";

const requirePrefix: Extract<Setting, { type: "boolean" }> = {
  type: "boolean",
  default: true,
  description: "Whether each entry needs a prefix",
};

export const oneNotification = rule({
  name: "s3-one-notification",
  group: "S3",
  ids: ["S3.11"],
  level: "mandatory",
  title: "A bucket has one notification, and each of its entries a prefix",
  reason:
    "S3 keeps one configuration for a bucket, so that of two the later replaces the other; without a prefix it notifies of every object.",
  remedy: "Declare all entries in one aws.s3.BucketNotification, each with filterPrefix.",
  types: [NOTIFICATION],
  reads: "graph",
  settings: { requirePrefix },
  *check(notification, graph, settings) {
    const bucket = graph.target(notification, "bucket", BUCKET);
    const all = bucket ? graph.referrers(bucket, NOTIFICATION, "bucket") : [notification];
    if (all.length > 1)
      yield { property: "bucket", value: all.map(({ name }) => name).join(", "), allowed: "one notification" };
    if (!settings.requirePrefix) return;
    for (const path of entriesOf(notification)) {
      const property = `${path}.filterPrefix`;
      if (readText(notification, property) === undefined) yield { property, allowed: "a prefix" };
    }
  },
});

/** How S3 is let in to each kind of target. */
const permissions = {
  queues: { action: "sqs:SendMessage", attachment: ["aws:sqs/queuePolicy:QueuePolicy", "queueUrl"] },
  topics: { action: "sns:Publish", attachment: ["aws:sns/topicPolicy:TopicPolicy", "arn"] },
} as const;
const PERMISSION = "aws:lambda/permission:Permission";

export const notificationGrant = rule({
  name: "s3-notification-grant",
  group: "S3",
  ids: ["Lambda.1"],
  level: "mandatory",
  title: "Every queue, topic and function that a bucket notifies lets S3 in for that bucket",
  reason: "S3 refuses the notification, or its events are lost without an error.",
  remedy: "Allow s3.amazonaws.com with the bucket's ARN as aws:SourceArn, and the account as aws:SourceAccount.",
  types: [NOTIFICATION],
  reads: "graph",
  *check(notification, graph) {
    const bucket = graph.target(notification, "bucket", BUCKET);
    if (bucket === undefined) return;
    for (const { list, names, type } of notificationLists)
      for (const index of readList(notification, list).keys()) {
        const property = `${list}.${index}.${names}`;
        const target = graph.target(notification, property, type);
        if (target === undefined) continue;
        const isLetIn =
          list === "lambdaFunctions"
            ? isPermitted(graph, target, bucket)
            : isGranted(graph, target, bucket, permissions[list]);
        if (!isLetIn)
          yield { property, value: target.name, allowed: `one whose policy lets S3 in for bucket ${bucket.name}` };
      }
  },
});

function isGranted(
  graph: Graph,
  target: Resource,
  bucket: Resource,
  { action, attachment }: (typeof permissions)["queues" | "topics"],
): boolean {
  return grantsOn(graph, target, attachment).some(
    ({ effect, principals, actions, resources, conditions }) =>
      effect === "Allow" &&
      principals.some(({ kind, value }) => kind === "Service" && value === "s3.amazonaws.com") &&
      actions.some((pattern) => isCovered(pattern.toLowerCase(), action.toLowerCase())) &&
      resources.some((pattern) => isCovered(pattern, arnOf(target))) &&
      conditions.every(
        ({ key, values }) =>
          key.toLowerCase() !== "aws:sourcearn" || values.some((pattern) => isCovered(pattern, arnOf(bucket))),
      ),
  );
}

/** Functions have permissions in place of a policy. A bucket's ARN has no account, so that it is asked for as well. */
function isPermitted(graph: Graph, target: Resource, bucket: Resource): boolean {
  return graph
    .referrers(target, PERMISSION, "function")
    .some(
      (permission) =>
        readText(permission, "principal") === "s3.amazonaws.com" &&
        readText(permission, "sourceAccount") !== undefined &&
        /^lambda:(InvokeFunction|\*)$/.test(readText(permission, "action") ?? "") &&
        (readText(permission, "sourceArn") === undefined || graph.target(permission, "sourceArn", BUCKET) === bucket),
    );
}

const isCovered = (pattern: string, text: string): boolean =>
  example(both(oneOf(iamPattern(pattern)), oneOf(literal(text)))) !== undefined;

const entriesOf = (notification: Resource): string[] =>
  notificationLists.flatMap(({ list }) =>
    Array.from(readList(notification, list).keys(), (index) => `${list}.${index}`),
  );
