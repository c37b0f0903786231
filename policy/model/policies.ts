import type { Graph } from "./graph";
import { statementsOf, type Statement } from "./policyDocument";
import { readList } from "./read";
import type { Resource } from "./resource";

/** `identity`: rights of a role, user or group. `resource`: rights on a resource. `trust`: who may assume a role. */
export type PolicyKind = "identity" | "resource" | "trust";

/** Type of resource, property with a policy, and its kind. `inlinePolicies.*.policy` stands for each member's. */
const carriers: readonly [type: string, property: string, kind: PolicyKind][] = [
  ["aws:apigateway/restApi:RestApi", "policy", "resource"],
  ["aws:apigateway/restApiPolicy:RestApiPolicy", "policy", "resource"],
  ["aws:backup/vaultPolicy:VaultPolicy", "policy", "resource"],
  ["aws:cloudwatch/eventBusPolicy:EventBusPolicy", "policy", "resource"],
  ["aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "policyDocument", "resource"],
  ["aws:dynamodb/resourcePolicy:ResourcePolicy", "policy", "resource"],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", "policy", "resource"],
  ["aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "policy", "resource"],
  ["aws:ecr/repositoryPolicy:RepositoryPolicy", "policy", "resource"],
  ["aws:efs/fileSystemPolicy:FileSystemPolicy", "policy", "resource"],
  ["aws:iam/groupPolicy:GroupPolicy", "policy", "identity"],
  ["aws:iam/policy:Policy", "policy", "identity"],
  ["aws:iam/role:Role", "assumeRolePolicy", "trust"],
  ["aws:iam/role:Role", "inlinePolicies.*.policy", "identity"],
  ["aws:iam/rolePolicy:RolePolicy", "policy", "identity"],
  ["aws:iam/userPolicy:UserPolicy", "policy", "identity"],
  ["aws:kms/key:Key", "policy", "resource"],
  ["aws:kms/keyPolicy:KeyPolicy", "policy", "resource"],
  ["aws:kms/replicaKey:ReplicaKey", "policy", "resource"],
  ["aws:opensearch/domain:Domain", "accessPolicies", "resource"],
  ["aws:opensearch/domainPolicy:DomainPolicy", "accessPolicies", "resource"],
  ["aws:s3/bucket:Bucket", "policy", "resource"],
  ["aws:s3/bucketPolicy:BucketPolicy", "policy", "resource"],
  ["aws:secretsmanager/secret:Secret", "policy", "resource"],
  ["aws:secretsmanager/secretPolicy:SecretPolicy", "policy", "resource"],
  ["aws:sns/topic:Topic", "policy", "resource"],
  ["aws:sns/topicPolicy:TopicPolicy", "policy", "resource"],
  ["aws:sqs/queue:Queue", "policy", "resource"],
  ["aws:sqs/queuePolicy:QueuePolicy", "policy", "resource"],
];

/** A statement, and the property of the resource in which it stands. */
export interface PlacedStatement extends Statement {
  property: string;
  kind: PolicyKind;
}

/** The types of resource that carry policies of some kinds. */
export function policyCarriers(...kinds: readonly PolicyKind[]): string[] {
  return [...new Set(carriers.filter(([, , kind]) => kinds.includes(kind)).map(([type]) => type))];
}

/**
 * The statements in a resource's own properties.
 * @param kinds of the policies that count; default: all
 * @returns undefined in place of the statements of a property that does not hold a policy
 * @throws NotKnown for an unknown policy
 */
export function policiesOf(
  resource: Resource,
  ...kinds: readonly PolicyKind[]
): { property: string; kind: PolicyKind; statements: Statement[] | undefined }[] {
  return carriers
    .filter(([type, , kind]) => type === resource.type && (kinds.length === 0 || kinds.includes(kind)))
    .flatMap(([, path, kind]) =>
      valuesAt(resource, path).map(({ property, value }) => ({
        property,
        kind,
        statements: statementsOf(resource, property, value),
      })),
    );
}

/** {@link policiesOf} as one list; a property that does not hold a policy counts as empty. */
export function placedStatements(resource: Resource, ...kinds: readonly PolicyKind[]): PlacedStatement[] {
  return policiesOf(resource, ...kinds).flatMap(({ property, kind, statements = [] }) =>
    statements.map((statement) => ({ ...statement, property, kind })),
  );
}

/** A statement with the resource that declares it. */
export interface Grant extends PlacedStatement {
  source: Resource;
}

/**
 * All statements that a role has in this stack: inline in the role, as `RolePolicy`, and in the policies of the stack that
 * are attached to it. Policies from elsewhere, those of AWS among them, are not part of the stack and not seen.
 * @throws NotKnown for an unknown policy, or where it is unknown whose it is
 */
export function grantsOfRole(graph: Graph, role: Resource): Grant[] {
  const attached = [
    ...graph
      .referrers(role, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role")
      .map((attachment) => graph.target(attachment, "policyArn", POLICY)),
    ...graph
      .all("aws:iam/policyAttachment:PolicyAttachment")
      .filter((attachment) => readList(attachment, "roles").some((name) => graph.named(String(name), ROLE) === role))
      .map((attachment) => graph.target(attachment, "policyArn", POLICY)),
    ...readList(role, "managedPolicyArns").map((arn) => graph.named(String(arn), POLICY)),
  ].filter((policy) => policy !== undefined);
  const sources = [role, ...graph.referrers(role, "aws:iam/rolePolicy:RolePolicy", "role"), ...new Set(attached)];
  return sources.flatMap((source) =>
    placedStatements(source, "identity").map((statement) => ({ ...statement, source })),
  );
}
const POLICY = "aws:iam/policy:Policy";
const ROLE = "aws:iam/role:Role";

/**
 * The statements of the policies on a resource: in its own property `policy`, and in the resources that attach one.
 * @param attachment type and property of those: `aws:s3/bucketPolicy:BucketPolicy`, `bucket`
 * @throws NotKnown for an unknown policy, or where it is unknown whose it is
 */
export function grantsOn(
  graph: Graph,
  resource: Resource,
  attachment: readonly [type: string, property: string],
): Grant[] {
  const sources = [resource, ...graph.referrers(resource, ...attachment)];
  return sources.flatMap((source) =>
    placedStatements(source, "resource").map((statement) => ({ ...statement, source })),
  );
}

function valuesAt(resource: Resource, path: string): { property: string; value: unknown }[] {
  const [list, inner] = path.split(".*.");
  if (list === undefined || inner === undefined) return [{ property: path, value: resource.inputs[path] }];
  return readList(resource, list).map((member, at) => ({
    property: `${list}.${at}.${inner}`,
    value: (member as Record<string, unknown>)[inner],
  }));
}
