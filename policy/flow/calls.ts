import { FUNCTION, QUEUE, ROLE, TABLE, TOPIC, BUCKET, LOG_GROUP } from "../model/awsTypes";
import type { Graph } from "../model/graph";
import {
  anything,
  beginningWith,
  behind,
  both,
  iamPattern,
  literal,
  oneOf,
  type Pattern,
  type Texts,
} from "../model/pattern";
import { placedStatements } from "../model/policies";
import { NotKnown, type Resource } from "../model/resource";
import { callsOf, rightsOf, type Call } from "../model/rights";
import { arnOf, at, attempt, type Follower, type ObjectEvent, type Place, type Step } from "./place";
import { BUS, FIREHOSE, STATE_MACHINE, STREAM } from "./types";

/** Resources that act, and the property with their role; a role that is passed to a schedule acts itself. */
const actors: Readonly<Record<string, string>> = { [FUNCTION]: "role", [STATE_MACHINE]: "roleArn" };

/** How a resource is made to work by a call: the actions, and how policies are attached to it. */
interface Callable {
  type: string;
  actions: readonly string[];
  attachment?: readonly [type: string, property: string];
  /** The ARNs that such a call names, from the resource's own. Default: that one alone. */
  arns?: (arn: string) => Pattern[];
}

const callables: readonly Callable[] = [
  { type: QUEUE, actions: ["sqs:SendMessage"], attachment: ["aws:sqs/queuePolicy:QueuePolicy", "queueUrl"] },
  { type: TOPIC, actions: ["sns:Publish"], attachment: ["aws:sns/topicPolicy:TopicPolicy", "arn"] },
  {
    type: FUNCTION,
    actions: ["lambda:InvokeFunction", "lambda:InvokeAsync", "lambda:InvokeFunctionUrl"],
    arns: (arn) => [literal(arn), beginningWith(`${arn}:`)],
  },
  {
    type: TABLE,
    actions: [
      "PutItem",
      "UpdateItem",
      "DeleteItem",
      "BatchWriteItem",
      "PartiQLInsert",
      "PartiQLUpdate",
      "PartiQLDelete",
    ].map((name) => `dynamodb:${name}`),
    attachment: ["aws:dynamodb/resourcePolicy:ResourcePolicy", "resourceArn"],
  },
  { type: STREAM, actions: ["kinesis:PutRecord", "kinesis:PutRecords"] },
  { type: FIREHOSE, actions: ["firehose:PutRecord", "firehose:PutRecordBatch"] },
  { type: STATE_MACHINE, actions: ["states:StartExecution", "states:StartSyncExecution"] },
  { type: LOG_GROUP, actions: ["logs:PutLogEvents"], arns: (arn) => [beginningWith(`${arn.replace(/:\*$/, "")}:`)] },
];

const itself = (arn: string): Pattern[] => [literal(arn)];

/** The actions behind the events of a bucket. */
const objectActions: Readonly<Record<ObjectEvent, readonly string[]>> = {
  ObjectCreated: ["s3:PutObject"],
  ObjectRemoved: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
  ObjectRestore: ["s3:RestoreObject"],
  ObjectTagging: [
    "s3:PutObjectTagging",
    "s3:PutObjectVersionTagging",
    "s3:DeleteObjectTagging",
    "s3:DeleteObjectVersionTagging",
  ],
  ObjectAcl: ["s3:PutObjectAcl", "s3:PutObjectVersionAcl"],
};

/** The calls that a function or state machine may make. */
export const calls: Follower = function* (graph, place) {
  if (place.kind !== "resource") return;
  const role = roleOf(graph, place.resource);
  if (role === undefined) return;
  yield* rightsOf(graph, role).unknown;
  for (const { type, actions, attachment, arns = itself } of callables)
    for (const resource of graph.all(type))
      yield* attempt(function* () {
        const on = oneOf(...arns(arnOf(resource)));
        const [call] = callsOf(graph, role, { actions, on, ...(attachment && { owner: { resource, attachment } }) });
        if (call) for (const to of placesOf(resource)) yield { to, by: describe(call) };
      });
  for (const bucket of graph.all(BUCKET)) yield* attempt(() => objectCalls(graph, role, bucket));
  for (const bus of [undefined, ...graph.all(BUS)]) yield* attempt(() => eventCalls(graph, role, bus));
  for (const passed of graph.all(ROLE)) yield* attempt(() => scheduledCalls(graph, role, passed));
};

function roleOf(graph: Graph, actor: Resource): Resource | undefined {
  if (actor.type === ROLE) return actor;
  const property = actors[actor.type];
  if (property === undefined || actor.inputs[property] === undefined) return undefined;
  const role = graph.target(actor, property, ROLE);
  if (role) return role;
  throw new NotKnown(actor, property, "the rights of a role from elsewhere are not in this stack");
}

/** A schedule calls what the role that it gets may call. */
function* scheduledCalls(graph: Graph, role: Resource, passed: Resource): Iterable<Step> {
  const trusts = placedStatements(passed, "trust").flatMap(({ principals }) => principals.map(({ value }) => value));
  if (!trusts.includes("scheduler.amazonaws.com")) return;
  const actions = ["scheduler:CreateSchedule", "scheduler:UpdateSchedule"];
  const [call] = callsOf(graph, role, { actions, on: oneOf(anything) });
  const mayPass = callsOf(graph, role, { actions: ["iam:PassRole"], on: oneOf(literal(arnOf(passed))) }).length > 0;
  if (call && mayPass) yield { to: at(passed), by: describe(call) };
}

function* objectCalls(graph: Graph, role: Resource, bucket: Resource): Iterable<Step> {
  const folder = `${arnOf(bucket)}/`;
  const on = oneOf(beginningWith(folder));
  const owner = { resource: bucket, attachment: ["aws:s3/bucketPolicy:BucketPolicy", "bucket"] } as const;
  for (const [event, actions] of Object.entries(objectActions) as [ObjectEvent, readonly string[]][])
    for (const call of callsOf(graph, role, { actions, on, owner }))
      yield { to: { kind: "objects", bucket, event, keys: behind(folder, call.on) }, by: describe(call) };
}

function* eventCalls(graph: Graph, role: Resource, bus: Resource | undefined): Iterable<Step> {
  const on = oneOf(bus ? literal(arnOf(bus)) : iamPattern("arn:*:events:*:*:event-bus/default"));
  const attachment = ["aws:cloudwatch/eventBusPolicy:EventBusPolicy", "eventBusName"] as const;
  const owner = bus && { resource: bus, attachment };
  for (const call of callsOf(graph, role, { actions: ["events:PutEvents"], on, ...(owner && { owner }) })) {
    const fields = {
      source: both(condition(call, "events:source"), notOfAws),
      "detail-type": condition(call, "events:detail-type"),
    };
    yield { to: { kind: "events", bus, fields }, by: describe(call) };
  }
}

/** Sources that begin with `aws.` are those of AWS: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const notOfAws: Texts = { allOf: [], noneOf: [beginningWith("aws.")] };

/** The texts that a grant's conditions allow for a key. */
function condition({ by: { statement } }: Call, key: string): Texts {
  const lists = statement.conditions
    .filter(
      (each) =>
        each.key.toLowerCase() === key &&
        /^(ForAllValues:|ForAnyValue:)?String(Equals|Like)(IfExists)?$/.test(each.operator),
    )
    .map(({ operator, values }) => values.map(operator.includes("Like") ? iamPattern : literal));
  return { allOf: lists, noneOf: [] };
}

const placesOf = (resource: Resource): Place[] =>
  resource.type === FUNCTION ? [at(resource), at(resource, true)] : [at(resource)];

const describe = ({ action, by: { policy } }: Call): string => `${action} by policy ${policy}`;
