import { randomUUID } from "node:crypto";
import { notImplemented } from "../http/awsError";
import { invalidArgument, malformedXml } from "./errors";
import { parseXml, type XmlNode } from "./xml";
import { element, type Markup } from "./markup";

/** One queue that wants to know of events. */
export interface QueueNotification {
  id: string;
  queueArn: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectRemoved:Delete`, … */
  events: string[];
  prefix: string;
  suffix: string;
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
  const filters = { prefix: "", suffix: "" };
  for (const rule of node.child("Filter")?.child("S3Key")?.children("FilterRule") ?? []) {
    const name = rule.text("Name")?.toLowerCase();
    if (name !== "prefix" && name !== "suffix") {
      throw invalidArgument("filter rule name must be either prefix or suffix", "FilterRule", rule.text("Name") ?? "");
    }
    filters[name] = rule.text("Value") ?? "";
  }
  const id = node.text("Id");
  return {
    id: id === undefined || id === "" ? randomUUID() : id,
    queueArn,
    events: node.children("Event").map((event) => event.ownText),
    ...filters,
  };
}

const filterRule = (name: string, value: string): Markup | undefined =>
  value === "" ? undefined : element("FilterRule", element("Name", name), element("Value", value));

export const notificationMarkup = (queue: QueueNotification): Markup =>
  element(
    "QueueConfiguration",
    element("Id", queue.id),
    element("Queue", queue.queueArn),
    ...queue.events.map((event) => element("Event", event)),
    queue.prefix === "" && queue.suffix === ""
      ? undefined
      : element("Filter", element("S3Key", filterRule("Prefix", queue.prefix), filterRule("Suffix", queue.suffix))),
  );
