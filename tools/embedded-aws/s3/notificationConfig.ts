import { randomUUID } from "node:crypto";
import { notImplemented } from "../http/awsError";
import { invalidArgument, malformedXml } from "./errors";
import { parseXml, type XmlNode } from "./xml";
import { element, type Markup } from "./markup";

/** One queue that gets events. */
export interface QueueNotification {
  id: string;
  queueArn: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectRemoved:Delete`, … */
  events: string[];
  prefix: string;
  suffix: string;
  /** The filter rules as they came, for answers; without them those of the prefix and suffix that are not empty. */
  rules?: { name: string; value: string }[];
}

/** Events that this S3 sends, of those of "Event notification types and destinations" (notification-how-to-event-types-and-destinations.html). */
const events = [
  "s3:ObjectCreated:*",
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
  "s3:ObjectRemoved:*",
  "s3:ObjectRemoved:Delete",
  "s3:ObjectRemoved:DeleteMarkerCreated",
];
/** Events that S3 knows and that nothing here ever causes. */
const otherEvents =
  /^s3:(ReducedRedundancyLostObject|(ObjectRestore|Replication|LifecycleExpiration|ObjectTagging|ObjectAcl):(\*|\w+)|LifecycleTransition|IntelligentTiering)$/;

export const matchesEvent = (pattern: string, event: string): boolean =>
  pattern === event || (pattern.endsWith("*") && event.startsWith(pattern.slice(0, -1)));

/** Checks what S3 checks of a configuration, apart from the destinations. */
export function checkNotifications(queues: readonly QueueNotification[]): void {
  for (const queue of queues) {
    if (queue.events.length === 0) throw malformedXml();
    for (const event of queue.events) {
      if (otherEvents.test(event)) throw notImplemented(`the event type ${event}`);
      if (!events.includes(event)) {
        throw invalidArgument("The event is not supported for notifications", "Event", event);
      }
    }
  }
  const ids = queues.map((queue) => queue.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw invalidArgument("Same ID used for multiple configurations", "Id", twice);
  queues.forEach((queue, index) => {
    const other = queues.slice(index + 1).find((candidate) => overlap(queue, candidate));
    if (other) {
      throw invalidArgument(
        "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
        "Id",
        other.id,
      );
    }
  });
}

/** "you can't have … overlapping prefixes … and suffixes for the same event type" (notification-how-to-filtering.html). */
const overlap = (one: QueueNotification, other: QueueNotification): boolean =>
  (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) &&
  (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix)) &&
  one.events.some((event) => other.events.some((own) => matchesEvent(event, own) || matchesEvent(own, event)));

export function parseNotifications(text: string): QueueNotification[] {
  const root = parseXml(text, "NotificationConfiguration");
  const others = ["TopicConfiguration", "CloudFunctionConfiguration", "EventBridgeConfiguration"];
  const other = others.find((name) => root.child(name) !== undefined);
  if (other !== undefined) throw notImplemented(`PutBucketNotificationConfiguration with ${other}`);
  return root.children("QueueConfiguration").map(parseQueue);
}

function parseQueue(node: XmlNode): QueueNotification {
  const queueArn = node.text("Queue");
  if (queueArn === undefined) throw malformedXml();
  if (!/^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(queueArn)) {
    throw invalidArgument("The ARN could not be parsed", "Queue", queueArn);
  }
  const filters = { prefix: "", suffix: "" };
  const rules: { name: string; value: string }[] = [];
  for (const rule of node.child("Filter")?.child("S3Key")?.children("FilterRule") ?? []) {
    const [name, value] = [rule.text("Name")?.toLowerCase(), rule.text("Value")];
    if (name === undefined || value === undefined) throw malformedXml();
    if (name !== "prefix" && name !== "suffix") {
      throw invalidArgument(
        "filter rule name must be either prefix or suffix",
        "FilterRule.Name",
        rule.text("Name") ?? "",
      );
    }
    filters[name] = value;
    rules.push({ name: name === "prefix" ? "Prefix" : "Suffix", value });
  }
  const id = node.text("Id");
  return {
    id: id === undefined || id === "" ? randomUUID() : id,
    queueArn,
    events: node.children("Event").map((event) => event.ownText),
    ...filters,
    ...(rules.length > 0 ? { rules } : {}),
  };
}

const rulesOf = ({ prefix, suffix, rules }: QueueNotification): { name: string; value: string }[] =>
  rules ??
  [
    { name: "Prefix", value: prefix },
    { name: "Suffix", value: suffix },
  ].filter(({ value }) => value !== "");

export function notificationMarkup(queue: QueueNotification): Markup {
  const rules = rulesOf(queue).map(({ name, value }) =>
    element("FilterRule", element("Name", name), element("Value", value)),
  );
  return element(
    "QueueConfiguration",
    element("Id", queue.id),
    element("Queue", queue.queueArn),
    ...queue.events.map((event) => element("Event", event)),
    rules.length === 0 ? undefined : element("Filter", element("S3Key", ...rules)),
  );
}
