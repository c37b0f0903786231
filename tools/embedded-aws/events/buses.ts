import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../database";
import type { Announce } from "../announce";
import { errorMessage } from "../errorMessage";
import { AwsError, notImplemented } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import { readAll } from "../http/readAll";
import type { AwsRequest, AwsResponse, WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import type { Place } from "../place";
import type { SqsDelivery } from "../sqs/serviceCalls";
import { patternOf, type Pattern } from "./pattern";

interface PatternRule {
  bus: string;
  name: string;
  arn: string;
  /** JSON */
  eventPattern: string;
  enabled: boolean;
}
interface QueueTarget {
  bus: string;
  rule: string;
  id: string;
  /** A queue. */
  arn: string;
  /** JSON text in place of the event. */
  input?: string;
}

/** EventBridge's buses, rules with a pattern, and queues as their targets. */
export interface Buses extends WireService {
  declareBus(name: string): void;
  /** @throws AwsError for a bus that is not there, or a pattern that AWS refuses */
  declareRule(rule: PatternRule): void;
  hasRule(bus: string, rule: string): boolean;
  /** @throws AwsError for a rule that is not there, or a target that is not a queue */
  declareTarget(target: QueueTarget): void;
}

interface BusesOptions {
  db: DatabaseSync;
  iam: Iam;
  place: Place;
  sqs: SqsDelivery;
  announce: Announce;
  /** Milliseconds since 1970. */
  now?: () => number;
}

const DEFAULT_BUS = "default";
const MOST_ENTRIES = 10;
/** eb-putevent-size: "The total entry size must be less than 256KB". */
const MOST_BYTES = 256 * 1024;
const largestRequest = 1024 * 1024;

interface Entry {
  EventBusName?: string;
  Source?: string;
  DetailType?: string;
  Detail?: string;
  Resources?: string[];
  /** Seconds since 1970, or ISO 8601. */
  Time?: number | string;
}
const knownMembers = ["EventBusName", "Source", "DetailType", "Detail", "Resources", "Time", "TraceHeader"];

const invalid = (message: string): AwsError => new AwsError(400, "ValidationException", message);

export function createBuses({ db, iam, place, sqs, announce, now = Date.now }: BusesOptions): Buses {
  const buses = new Set([DEFAULT_BUS]);
  const rules = new Map<string, PatternRule & { matches: Pattern }>();
  const targets = new Map<string, QueueTarget>();
  const { partition, region, accountId } = place;
  const busArn = (name: string): string => `arn:${partition}:events:${region}:${accountId}:event-bus/${name}`;
  const keyOf = (bus: string, rule: string): string => `${bus}/${rule}`;

  /** The fault of an entry alone; others of its request are taken all the same. */
  const refusalOf = ({ Source, DetailType, Detail }: Entry) => {
    for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
      if (!value)
        return {
          ErrorCode: "InvalidArgument",
          ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
        };
    }
    return isJsonObject(Detail) ? undefined : { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  };

  const eventOf = (entry: Entry, id: string): object => ({
    version: "0",
    id,
    "detail-type": entry.DetailType,
    source: entry.Source,
    account: accountId,
    time: timeOf(entry.Time, now()),
    region,
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail ?? "{}") as unknown,
  });

  const deliver = (rule: PatternRule, target: QueueTarget, event: object): void => {
    const from: Principal = {
      kind: "service",
      arn: "events.amazonaws.com",
      accountId,
      sourceArn: rule.arn,
      sourceAccount: accountId,
    };
    try {
      sqs.deliver(target.arn, target.input ?? JSON.stringify(event), from);
    } catch (error) {
      announce(`Rule ${rule.name} could not send an event to ${target.arn}: ${errorMessage(error)}`);
    }
  };

  const put = (entry: Entry): object => {
    const refusal = refusalOf(entry);
    if (refusal !== undefined) return refusal;
    const EventId = randomUUID();
    const event = eventOf(entry, EventId);
    const bus = nameOf(entry);
    for (const rule of rules.values()) {
      if (!rule.enabled || rule.bus !== bus || !rule.matches(event)) continue;
      const own = [...targets.values()].filter((target) => target.bus === bus && target.rule === rule.name);
      for (const target of own) deliver(rule, target, event);
    }
    return { EventId };
  };

  const putEvents = ({ principal, secure }: AwsRequest, { Entries, ...others }: { Entries?: Entry[] }): object => {
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw notImplemented(`events:PutEvents with ${unknown}`);
    if (!Array.isArray(Entries) || Entries.length < 1 || Entries.length > MOST_ENTRIES) {
      throw invalid(
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${MOST_ENTRIES}`,
      );
    }
    if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) >= MOST_BYTES) {
      throw invalid("Total size of the entries in the request is over the limit.");
    }
    for (const entry of Entries) {
      const member = Object.keys(entry).find((name) => !knownMembers.includes(name));
      if (member !== undefined) throw notImplemented(`entries of events:PutEvents with ${member}`);
      const context = { "events:source": entry.Source ?? "", "events:detail-type": entry.DetailType ?? "" };
      iam.authorize({ principal, action: "events:PutEvents", resource: busArn(nameOf(entry)), context, secure });
    }
    for (const entry of Entries) {
      if (!buses.has(nameOf(entry))) throw notThere(nameOf(entry));
    }
    // An answer means that the queues have their messages.
    const answers = inTransaction(db, () => Entries.map(put));
    return { Entries: answers, FailedEntryCount: answers.filter((answer) => "ErrorCode" in answer).length };
  };

  const describeEventBus = (
    { principal, secure }: AwsRequest,
    { Name = DEFAULT_BUS, ...others }: { Name?: string },
  ) => {
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw notImplemented(`events:DescribeEventBus with ${unknown}`);
    const name = nameOf({ EventBusName: Name });
    iam.authorize({ principal, action: "events:DescribeEventBus", resource: busArn(name), secure });
    if (!buses.has(name)) throw notThere(name);
    return { Name: name, Arn: busArn(name) };
  };

  const operations: Record<string, (request: AwsRequest, input: object) => object> = {
    PutEvents: putEvents,
    DescribeEventBus: describeEventBus,
  };

  return {
    declareBus: (name) => void buses.add(name),
    declareRule(rule) {
      if (!buses.has(rule.bus)) throw notThere(rule.bus);
      rules.set(keyOf(rule.bus, rule.name), { ...rule, matches: patternOf(rule.eventPattern) });
    },
    hasRule: (bus, rule) => rules.has(keyOf(bus, rule)),
    declareTarget(target) {
      const key = keyOf(target.bus, target.rule);
      if (!rules.has(key)) {
        const message = `Rule ${target.rule} does not exist on EventBus ${target.bus}.`;
        throw new AwsError(400, "ResourceNotFoundException", message);
      }
      if (target.arn.split(":")[2] !== "sqs")
        throw notImplemented(`targets of patterns that are not queues (${target.arn})`);
      targets.set(`${key} ${target.id}`, target);
    },
    async handle(request) {
      try {
        const [, operation = ""] = (request.headers["x-amz-target"] ?? "").split(".");
        const perform = operations[operation];
        if (!perform) throw notImplemented(`events:${operation}`);
        const body = (await readAll(request.body, largestRequest)).toString();
        return answered(perform(request, JSON.parse(body) as object), request.requestId);
      } catch (error) {
        const known = error instanceof AwsError ? error : new AwsError(500, "InternalFailure", errorMessage(error));
        return errorResponse("events", known, request.requestId);
      }
    },
  };
}

/** A bus is called by its name or its ARN. */
const nameOf = ({ EventBusName = DEFAULT_BUS }: Entry): string => EventBusName.replace(/^arn:.*:event-bus\//, "");

const notThere = (bus: string): AwsError =>
  new AwsError(400, "ResourceNotFoundException", `Event bus ${bus} does not exist.`);

function isJsonObject(text: string | undefined): boolean {
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const sizeOf = ({ Source = "", DetailType = "", Detail = "", Resources = [], Time }: Entry): number =>
  (Time === undefined ? 0 : 14) +
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const timeOf = (given: number | string | undefined, now: number): string => {
  const milliseconds = typeof given === "number" ? given * 1000 : given === undefined ? now : Date.parse(given);
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
};

function answered(output: object, requestId: string): AwsResponse {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": requestId };
  return { status: 200, headers, body: JSON.stringify(output) };
}
