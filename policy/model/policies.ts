import { POLICY, ROLE } from "./awsTypes";
import type { Graph } from "./graph";
import { statementsOf, type Statement } from "./policyDocument";
import { readList, readText } from "./read";
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

/** A policy of a role. */
export interface PolicyOfRole {
  /** The resource that declares its statements; undefined for one that is not in this stack. */
  policy: Resource | undefined;
  /** Of a policy that is attached; empty for one that belongs to the role. */
  arn: string;
  /** The resource and property that give it to the role. */
  source: Resource;
  property: string;
}

/**
 * The policies of a role: inline in the role, as `RolePolicy`, and attached ones, those of AWS among them.
 * @throws NotKnown where it is unknown whose a policy is, or which; those before it are yielded
 */
export function* policiesOfRole(graph: Graph, role: Resource): Iterable<PolicyOfRole> {
  for (const policy of [role, ...graph.referrers(role, "aws:iam/rolePolicy:RolePolicy", "role")])
    yield { policy, arn: "", source: policy, property: "" };
  const attached = (source: Resource, property: string) => {
    const policy = graph.target(source, property, POLICY);
    return { policy, arn: policy ? "" : (readText(source, property) ?? ""), source, property };
  };
  for (const [at] of readList(role, "managedPolicyArns").entries()) yield attached(role, `managedPolicyArns.${at}`);
  for (const attachment of graph.referrers(role, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role"))
    yield attached(attachment, "policyArn");
  for (const attachment of graph.all("aws:iam/policyAttachment:PolicyAttachment"))
    for (const [at] of readList(attachment, "roles").entries())
      if (graph.target(attachment, `roles.${at}`, ROLE) === role) yield attached(attachment, "policyArn");
}

/**
 * All statements that a role has in this stack. Policies from elsewhere, those of AWS among them, are not part of the
 * stack and not seen.
 * @throws NotKnown for an unknown policy, or where it is unknown whose it is
 */
export function grantsOfRole(graph: Graph, role: Resource): Grant[] {
  const sources = new Set(Array.from(policiesOfRole(graph, role), ({ policy }) => policy));
  return [...sources].flatMap((source) =>
    source === undefined ? [] : placedStatements(source, "identity").map((statement) => ({ ...statement, source })),
  );
}

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
