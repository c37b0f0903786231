import { EVENT_TARGET, deadLettersOf } from "../model/deadLetters";
import { readJson, readText } from "../model/read";
import type { Graph } from "../model/graph";
import { BUCKET } from "../model/awsTypes";
import { anything, beginningWith, oneOf } from "../model/pattern";
import type { Resource } from "../model/resource";
import { mayMatch } from "./eventPattern";
import { receivers } from "./links";
import { at, attempt, type Follower, type Place } from "./place";
import { BUS, EVENT_RULE, FIREHOSE } from "./types";

type Events = Extract<Place, { kind: "events" }>;

/** The targets of the rules that an event may match. */
export const rules: Follower = function* (graph, place) {
  if (place.kind !== "events") return;
  for (const rule of graph.all(EVENT_RULE))
    yield* attempt(function* () {
      if (!isOn(graph, rule, place.bus) || isOff(rule)) return;
      // A rule that only has a schedule has no pattern.
      const pattern = readJson(rule, "eventPattern");
      if (pattern === undefined || !mayMatch(pattern, place.fields)) return;
      for (const target of graph.all(EVENT_TARGET)) yield* attempt(() => targeted(graph, place, rule, target));
    });
};

function* targeted(graph: Graph, { fields }: Events, rule: Resource, target: Resource) {
  if (graph.target(target, "rule", EVENT_RULE) !== rule) return;
  const by = `rule ${rule.name}`;
  const to = graph.target(target, "arn", ...receivers, BUS);
  if (to?.type === BUS) yield { to: { kind: "events", bus: to, fields } as const, by };
  else if (to) yield { to: at(to, true), by };
  for (const { queue } of deadLettersOf(graph, target))
    if (queue) yield { to: at(queue), by: `dead letters of ${target.name}` };
}

function isOn(graph: Graph, rule: Resource, bus: Resource | undefined): boolean {
  const name = readText(rule, "eventBusName") ?? "default";
  return bus ? graph.target(rule, "eventBusName", BUS) === bus : /(^|\/)default$/.test(name);
}

const isOff = (rule: Resource): boolean =>
  readText(rule, "isEnabled") === "false" || readText(rule, "state") === "DISABLED";

/** The objects that a delivery stream writes. */
export const delivered: Follower = function* (graph, place) {
  if (place.kind !== "resource" || place.resource.type !== FIREHOSE) return;
  const { resource } = place;
  const bucket = graph.target(resource, "extendedS3Configuration.bucketArn", BUCKET);
  const prefix = readText(resource, "extendedS3Configuration.prefix") ?? "";
  // Expressions such as !{timestamp:yyyy} end what is known of the keys.
  const keys = oneOf(prefix === "" ? anything : beginningWith(prefix.split("!{")[0] ?? ""));
  if (bucket) yield { to: { kind: "objects", bucket, event: "ObjectCreated", keys }, by: resource.name };
};
