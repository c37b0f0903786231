import type { Resource } from "../../../model/resource";
import { policy, resource, set, type Change } from "../../fixture";
import {
  allow,
  arn,
  bucket,
  created,
  grants,
  lambda,
  mapping,
  notification,
  queue,
  subscription,
  topic,
} from "../../parts";

export const IN = "arn:aws:s3:::photos/in/*";
export const OUT = "arn:aws:s3:::photos/out/*";

/** Resize is started in each way that there is, and writes where nothing listens. */
export const stack: Resource[] = [
  ...lambda("resize"),
  grants("resize", allow("s3:PutObject", OUT)),
  bucket("photos"),
  queue("uploads"),
  notification("photos", { queues: [{ queueArn: arn("sqs", "uploads"), ...created, filterPrefix: "in/" }] }),
  mapping(arn("sqs", "uploads"), "resize"),
  // Straight from a bucket, by the end of the key too.
  bucket("scans"),
  notification("scans", {
    lambdaFunctions: [
      { lambdaFunctionArn: arn("lambda", "function:resize"), ...created, filterPrefix: "in/", filterSuffix: ".tif" },
    ],
  }),
  // From a bucket by a topic and a queue.
  bucket("feeds"),
  topic("news"),
  notification("feeds", {
    topics: [
      { topicArn: arn("sns", "news"), events: ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"], filterPrefix: "in/" },
    ],
  }),
  subscription("news", "sqs", "uploads"),
  // From a bucket by EventBridge.
  bucket("drawings"),
  notification("drawings", { eventbridge: true }),
  resource("aws:cloudwatch/eventRule:EventRule", "new-drawings", {
    name: "new-drawings",
    eventPattern: JSON.stringify({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["drawings"] }, object: { key: [{ prefix: "in/" }] } },
    }),
  }),
  resource("aws:cloudwatch/eventTarget:EventTarget", "new-drawings-target", {
    rule: "new-drawings",
    arn: arn("lambda", "function:resize"),
  }),
  // From other programs by an event bus.
  resource(
    "aws:cloudwatch/eventBus:EventBus",
    "orders",
    { name: "orders" },
    { outputs: { arn: arn("events", "event-bus/orders") } },
  ),
  resource("aws:cloudwatch/eventRule:EventRule", "paid", {
    name: "paid",
    eventBusName: "orders",
    eventPattern: JSON.stringify({ source: ["shop"] }),
  }),
  resource("aws:cloudwatch/eventTarget:EventTarget", "paid-target", {
    rule: "paid",
    eventBusName: "orders",
    arn: arn("sqs", "uploads"),
  }),
  // From a table's stream.
  resource(
    "aws:dynamodb/table:Table",
    "items",
    { name: "items" },
    { outputs: { arn: arn("dynamodb", "table/items"), streamArn: arn("dynamodb", "table/items/stream/1") } },
  ),
  mapping(arn("dynamodb", "table/items/stream/1"), "resize", "items-mapping"),
  // By another function.
  queue("indexing"),
  ...lambda("index"),
  grants("index", allow("sqs:SendMessage", arn("sqs", "uploads"))),
  mapping(arn("sqs", "indexing"), "index"),
  // Each hour.
  resource("aws:cloudwatch/eventRule:EventRule", "hourly", { name: "hourly", scheduleExpression: "rate(1 hour)" }),
  resource("aws:cloudwatch/eventTarget:EventTarget", "hourly-target", {
    rule: "hourly",
    arn: arn("lambda", "function:resize"),
  }),
];

/** The one function that is part of most loops gets other rights. */
export const resizeMay = (...statements: unknown[]): Change => set("resize-policy", "policy", policy(...statements));

export const attachment = (policyArn: string): Resource =>
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attachment", { role: "resize-role", policyArn });
