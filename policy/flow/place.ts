import { patternText, type Texts } from "../model/pattern";
import type { Graph } from "../model/graph";
import { NotKnown, type Resource } from "../model/resource";

/**
 * One place that work passes through: a resource; a change of some objects of a bucket; or events of some kinds on an
 * event bus.
 */
export type Place =
  | { kind: "resource"; resource: Resource; asynchronous: boolean }
  | { kind: "objects"; bucket: Resource; event: ObjectEvent; keys: Texts }
  | { kind: "events"; bus: Resource | undefined; fields: EventFields };

/** The families of S3's events: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html */
export type ObjectEvent = "ObjectCreated" | "ObjectRemoved" | "ObjectRestore" | "ObjectTagging" | "ObjectAcl";

/** The possible texts of an event's fields, by path: `detail.bucket.name`. A field that is not listed may be any text. */
export type EventFields = Readonly<Record<string, Texts>>;

/** One place makes another work. */
export interface Step {
  to: Place;
  /** The resource or grant by which it does. */
  by: string;
}

/** Yields the steps from a place, as far as one service knows any, and what it could not read. */
export type Follower = (graph: Graph, place: Place) => Iterable<Step | NotKnown>;

/**
 * A place at a resource.
 * @param asynchronous for functions: invoked without a caller that waits, so that its destinations count. Default: false
 */
export const at = (resource: Resource, asynchronous = false): Place => ({ kind: "resource", resource, asynchronous });

/** Tells places apart. */
export function keyOf(place: Place): string {
  switch (place.kind) {
    case "resource":
      return `${place.resource.urn}${place.asynchronous ? " asynchronous" : ""}`;
    case "objects":
      return `${place.bucket.urn} ${place.event} ${textOf(place.keys)}`;
    case "events":
      return `${place.bus?.urn ?? "default"} ${Object.entries(place.fields)
        .map(([field, texts]) => `${field}=${textOf(texts)}`)
        .join(" ")}`;
  }
}

/** Names a place in a chain: `queue uploads`. */
export function labelOf(place: Place): string {
  switch (place.kind) {
    case "resource":
      return `${kindOf(place.resource)} ${place.resource.name}`;
    case "objects":
      return `objects in bucket ${place.bucket.name}`;
    case "events":
      return place.bus ? `event bus ${place.bus.name}` : "the default event bus";
  }
}

/** `aws:sqs/queue:Queue` is a `queue`, `aws:sfn/stateMachine:StateMachine` a `state machine`. */
const kindOf = ({ type }: Resource): string =>
  (type.split(":").at(-1) ?? "").replaceAll(/(?<=[a-z])[A-Z]/g, " $&").toLowerCase();

/** @throws NotKnown */
export function arnOf(resource: Resource): string {
  const { arn } = resource.outputs;
  if (typeof arn !== "string") throw new NotKnown(resource, "arn");
  return arn;
}

/** Goes on where a value is not known: yields that, instead of throwing it. */
export function* attempt<T>(make: () => Iterable<T>): Iterable<T | NotKnown> {
  try {
    yield* make();
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    yield error;
  }
}

const textOf = ({ allOf, noneOf }: Texts): string =>
  [
    ...new Set(allOf.map((patterns) => patterns.map(patternText).join("|"))),
    "without",
    ...noneOf.map(patternText),
  ].join(" ");
