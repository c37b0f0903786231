import { BUCKET, FUNCTION, NOTIFICATION, QUEUE, TOPIC } from "../model/awsTypes";
import type { Graph } from "../model/graph";
import { beginningWith, both, endingWith, example, literal, oneOf } from "../model/pattern";
import { readFlag, readList, readText } from "../model/read";
import type { Resource } from "../model/resource";
import { arnOf, at, attempt, type EventFields, type Follower, type ObjectEvent, type Place, type Step } from "./place";

type Objects = Extract<Place, { kind: "objects" }>;

/** The lists of a notification, with the property and type of the resource that each entry names. */
export const notificationLists = [
  { list: "queues", names: "queueArn", type: QUEUE },
  { list: "topics", names: "topicArn", type: TOPIC },
  { list: "lambdaFunctions", names: "lambdaFunctionArn", type: FUNCTION },
] as const;

/** The resources and events that a bucket's notification makes of a change of objects. */
export const notifications: Follower = function* (graph, place) {
  if (place.kind !== "objects") return;
  for (const notification of graph.all(NOTIFICATION))
    yield* attempt(function* () {
      if (graph.target(notification, "bucket", BUCKET) !== place.bucket) return;
      for (const each of notificationLists)
        for (const index of readList(notification, each.list).keys())
          yield* attempt(() => notified(graph, place, notification, { ...each, path: `${each.list}.${index}` }));
      if (readFlag(notification, "eventbridge"))
        yield { to: { kind: "events", bus: undefined, fields: eventOf(place) }, by: notification.name };
    });
};

function* notified(
  graph: Graph,
  { event, keys }: Objects,
  notification: Resource,
  { path, names, type }: { path: string; names: string; type: string },
): Iterable<Step> {
  if (!readList(notification, `${path}.events`).some((each) => String(each).startsWith(`s3:${event}:`))) return;
  const prefix = readText(notification, `${path}.filterPrefix`) ?? "";
  const suffix = readText(notification, `${path}.filterSuffix`) ?? "";
  const heard = example(both(keys, oneOf(beginningWith(prefix)), oneOf(endingWith(suffix))));
  if (heard === undefined) return;
  const to = graph.target(notification, `${path}.${names}`, type);
  if (to) yield { to: at(to, true), by: `${notification.name}, for keys such as "${heard}"` };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-mapping-troubleshooting.html */
const detailTypes: Readonly<Record<ObjectEvent, readonly string[]>> = {
  ObjectCreated: ["Object Created"],
  ObjectRemoved: ["Object Deleted"],
  ObjectRestore: ["Object Restore Initiated", "Object Restore Completed", "Object Restore Expired"],
  ObjectTagging: ["Object Tags Added", "Object Tags Deleted"],
  ObjectAcl: ["Object ACL Updated"],
};

/** The events that S3 sends to the default bus. */
function eventOf({ bucket, event, keys }: Objects): EventFields {
  const arn = arnOf(bucket);
  return {
    source: oneOf(literal("aws.s3")),
    "detail-type": oneOf(...detailTypes[event].map(literal)),
    resources: oneOf(literal(arn)),
    "detail.bucket.name": oneOf(literal(arn.split(":").at(-1) ?? "")),
    "detail.object.key": keys,
  };
}

const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";

/** The copies of new objects that a bucket's replication makes in another bucket. */
export const replication: Follower = function* (graph, place) {
  if (place.kind !== "objects" || place.event !== "ObjectCreated") return;
  const { bucket, event, keys } = place;
  for (const configuration of graph.all(REPLICATION))
    yield* attempt(function* () {
      if (graph.target(configuration, "bucket", BUCKET) !== bucket) return;
      for (const at of readList(configuration, "rules").keys())
        yield* attempt(function* () {
          const rule = `rules.${at}`;
          const to = graph.target(configuration, `${rule}.destination.bucket`, BUCKET);
          if (to === undefined || readText(configuration, `${rule}.status`) === "Disabled") return;
          const [prefix = ""] = ["filter.prefix", "filter.and.prefix", "prefix"].flatMap(
            (property) => readText(configuration, `${rule}.${property}`) ?? [],
          );
          const copied = both(keys, oneOf(beginningWith(prefix)));
          if (example(copied) === undefined) return;
          yield { to: { kind: "objects", bucket: to, event, keys: copied }, by: configuration.name };
        });
    });
};
