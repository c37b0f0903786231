import type { Mutant } from "./mutants";

/** Mutants that no mandatory rule is about: all fields that are given must fit. */
interface Beside {
  kind: Mutant["kind"];
  /** End of the type token: `Role`. Default: every type. */
  types?: readonly string[];
  /** Of the resource. Default: every name. */
  names?: RegExp;
  /** Of the place. Default: every place. */
  place?: RegExp;
  /** Of the change. Default: every change. */
  change?: RegExp;
  reason: string;
}

const list: readonly Beside[] = [
  {
    kind: "resource",
    types: ["MetricAlarm", "CompositeAlarm"],
    names: /-(dead-letters-age|errors|throttles|latency(-\w+)?)-alarm$|^ImageEvents-age-alarm$/,
    reason: "rules ask for alarms on dead letters and waiting messages; any other is a choice of the program",
  },
  {
    kind: "input",
    types: ["MetricAlarm", "CompositeAlarm"],
    names: /-(dead-letters-age|errors|throttles|latency(-\w+)?)-alarm$|^ImageEvents-age-alarm$/,
    reason: "rules ask for alarms on dead letters and waiting messages; any other is a choice of the program",
  },
  {
    kind: "resource",
    types: ["LogGroup"],
    names: /-(access|execution)-log$/,
    reason: "the stage that names it fails to deploy, and API Gateway makes that of executions itself",
  },
  {
    kind: "resource",
    types: ["Bucket", "Table", "Function", "Role", "LayerVersion", "RestApi", "Deployment", "Stage", "EventRule"],
    reason: "nothing is left that could be wrong, and what refers to it fails to deploy",
  },
  {
    kind: "resource",
    types: ["EventBus", "Dashboard"],
    reason: "nothing is left that could be wrong, and what refers to it fails to deploy",
  },
  { kind: "resource", types: ["QueryDefinition"], reason: "a saved query that is missing harms nothing that runs" },
  {
    kind: "resource",
    types: ["Queue"],
    names: /^ImageEvents-dead-letters$/,
    reason: "nothing is left that could be wrong, and what refers to it fails to deploy",
  },
  {
    kind: "resource",
    types: ["RolePolicy", "Permission", "EventSourceMapping", "EventTarget"],
    reason: "a right or a link that is missing fails the tests that use it",
  },
  { kind: "resource", types: ["RedriveAllowPolicy"], reason: "the rule about it is advisory" },
  {
    kind: "statement",
    types: ["Role", "RolePolicy"],
    place: /\(Allow\)$/,
    change: /^(dropped|without )/,
    reason: "npx snail privileges shows rights and conditions that calls need or do not",
  },
  {
    kind: "statement",
    types: ["RolePolicy"],
    names: /-SnailImagesBucket(Get|Put)Policy$/,
    place: /\(Deny\)$/,
    reason: "what it takes out can neither be overwritten nor deleted by the grant beside it",
  },
  {
    kind: "statement",
    types: ["QueuePolicy", "BucketPolicy"],
    place: /\(Allow\)$/,
    change: /^resource \*$/,
    reason: "in a resource's own policy * means that resource",
  },
  {
    kind: "input",
    place: /^(name|role|queueUrl|eventSourceArn|functionName|function|rule|arn)$/,
    types: ["Role", "RolePolicy", "Function", "RedriveAllowPolicy", "EventSourceMapping"],
    reason: "a link that leads elsewhere fails the tests that use it",
  },
  { kind: "input", types: ["Function"], place: /^layers\.\d+$/, reason: "a layer from elsewhere has no declaration" },
  {
    kind: "input",
    types: ["Function"],
    place: /^environment\.variables\.(?!VIPS_BLOCK_UNTRUSTED$)/,
    reason: "rules look for secrets and the size of variables, and any other value is good",
  },
  {
    kind: "input",
    types: ["BucketNotification"],
    place: /^queues\.\d+\.(queueArn|events\.\d+)$/,
    reason: "a queue of another stack is not known, and each event is one that a program may want",
  },
  {
    kind: "input",
    types: ["RestApi"],
    place: /(\.uri|\.httpMethod|validateRequestBody|responses\.200\.statusCode)$/,
    reason: "another integration, validation or answer is right in another program",
  },
  {
    kind: "input",
    types: ["BucketLifecycleConfiguration"],
    place: /^rules\.1\./,
    reason: "the rule that takes delete markers away only tidies up",
  },
];

/** Every reason once. */
export const reasons: ReadonlySet<string> = new Set(list.map(({ reason }) => reason));

/** The reason why no mandatory rule objects to a mutant; undefined where one has to. */
export function besideTheRules({ kind, resource, place }: Mutant, change: string): string | undefined {
  const type = resource.type.split(":").at(-1) ?? "";
  return list.find(
    (each) =>
      each.kind === kind &&
      (each.types?.includes(type) ?? true) &&
      (each.names?.test(resource.name) ?? true) &&
      (each.place?.test(place) ?? true) &&
      (each.change?.test(change) ?? true),
  )?.reason;
}
