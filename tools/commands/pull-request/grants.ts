import { canonical, isRecord } from "../../embedded-aws/engine";
import type { Change } from "../engine/events";
import { renameOf, type Rename } from "./physicalNames";

/** The smallest piece of a policy: one effect of one action on one resource for one principal. */
export interface Grant {
  /** Whose policy it is, in words: "role `Resize`" or "bucket policy of `images`". */
  holder: string;
  effect: string;
  /** Empty for a role's own policy: the role is the principal. */
  principal: string;
  action: string;
  resource: string;
  /** Canonical text of the condition, empty without one. */
  condition: string;
}

/** A policy document that a resource carries, with what to call its holder. */
interface Carried {
  holder: string;
  document: unknown;
}

type Reader = (change: Change, inputs: Record<string, unknown>, label: (value: unknown) => string) => Carried[];

const resourcePolicy =
  (what: string, target: string): Reader =>
  (_change, inputs, label) => [{ holder: `${what} of \`${label(inputs[target])}\``, document: inputs.policy }];

/** How each resource type carries policies. */
const readers: Record<string, Reader> = {
  "aws:iam/rolePolicy:RolePolicy": (change, inputs, label) => [
    {
      holder: `role \`${label(inputs.role)}\`, policy \`${typeof inputs.name === "string" ? inputs.name : change.name}\``,
      document: inputs.policy,
    },
  ],
  "aws:iam/policy:Policy": (change, inputs) => [{ holder: `policy \`${change.name}\``, document: inputs.policy }],
  "aws:iam/role:Role": (change, inputs) => [
    { holder: `trust of role \`${change.name}\``, document: inputs.assumeRolePolicy },
    ...(Array.isArray(inputs.inlinePolicies) ? inputs.inlinePolicies : []).filter(isRecord).map((inline) => ({
      holder: `role \`${change.name}\`, policy \`${String(inline.name)}\``,
      document: inline.policy,
    })),
    ...(Array.isArray(inputs.managedPolicyArns) ? inputs.managedPolicyArns : []).map((arn: unknown) => ({
      holder: `role \`${change.name}\``,
      document: { Statement: { Effect: "Allow", Action: `everything in ${String(arn)}`, Resource: "*" } },
    })),
  ],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (_change, inputs, label) => [
    {
      holder: `role \`${label(inputs.role)}\``,
      document: { Statement: { Effect: "Allow", Action: `everything in ${String(inputs.policyArn)}`, Resource: "*" } },
    },
  ],
  "aws:s3/bucketPolicy:BucketPolicy": resourcePolicy("bucket policy", "bucket"),
  "aws:sqs/queuePolicy:QueuePolicy": resourcePolicy("queue policy", "queueUrl"),
  "aws:sns/topicPolicy:TopicPolicy": resourcePolicy("topic policy", "arn"),
  "aws:kms/key:Key": (change, inputs) => [{ holder: `key policy of \`${change.name}\``, document: inputs.policy }],
  "aws:sqs/queue:Queue": (change, inputs) => [
    { holder: `queue policy of \`${change.name}\``, document: inputs.policy },
  ],
  "aws:apigateway/restApi:RestApi": (change, inputs) => [
    { holder: `API policy of \`${change.name}\``, document: inputs.policy },
  ],
  "aws:lambda/permission:Permission": (_change, inputs, label) => [
    {
      holder: `function policy of \`${label(inputs.function)}\``,
      document: {
        Statement: {
          Effect: "Allow",
          Principal: { Service: inputs.principal },
          Action: inputs.action,
          Resource: label(inputs.function),
          ...(inputs.sourceArn ? { Condition: { ArnLike: { "aws:SourceArn": inputs.sourceArn } } } : {}),
        },
      },
    },
  ],
};

/** Every grant of the stack as it is (`old`) or as it would be (`new`). */
export function grantsOf(changes: readonly Change[], side: "old" | "new"): Grant[] {
  const rename = renameOf(changes, side);
  const label = (value: unknown): string => {
    const text = rename(String(value));
    return text.split(/[:/]/).pop() ?? text;
  };
  const grants = changes.flatMap((change) => {
    const inputs = change[side]?.inputs;
    const reader = readers[change.type];
    if (!inputs || !reader) return [];
    return reader(change, inputs, label).flatMap((carried) => split(carried, rename));
  });
  const unique = new Map(grants.map((grant) => [canonical(grant), grant]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
}

function split({ holder, document }: Carried, rename: Rename): Grant[] {
  const policy = typeof document === "string" ? readJson(rename(document)) : document;
  if (!isRecord(policy)) return [];
  return list(policy.Statement)
    .filter(isRecord)
    .flatMap((statement) =>
      principalsOf(statement).flatMap((principal) =>
        actionsOf(statement).flatMap((action) =>
          resourcesOf(statement).map((resource) => ({
            holder,
            effect: String(statement.Effect),
            principal,
            action,
            resource: rename(resource),
            condition: statement.Condition === undefined ? "" : rename(canonical(statement.Condition)),
          })),
        ),
      ),
    );
}

function actionsOf(statement: Record<string, unknown>): string[] {
  if (statement.NotAction !== undefined) return [`every action but ${list(statement.NotAction).join(", ")}`];
  return list(statement.Action).map(String);
}

function resourcesOf(statement: Record<string, unknown>): string[] {
  if (statement.NotResource !== undefined) return [`everything but ${list(statement.NotResource).join(", ")}`];
  return statement.Resource === undefined ? [""] : list(statement.Resource).map(String);
}

function principalsOf(statement: Record<string, unknown>): string[] {
  const { Principal: principal } = statement;
  if (principal === undefined) return [""];
  if (!isRecord(principal)) return list(principal).map(String);
  return Object.values(principal).flatMap((value) => list(value).map(String));
}

function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // not known yet
  }
}
