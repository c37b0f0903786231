import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One statement of a role's policy. Actions and resources are always spelled out. */
export interface Grant {
  /** `Deny` takes a part out of what another grant allows. Default: `Allow`. */
  effect?: "Allow" | "Deny";
  actions: [string, ...string[]];
  /** ARNs, each with the narrowest key prefix that is right. */
  on: pulumi.Input<string> | pulumi.Input<string>[];
  condition?: Record<string, Record<string, pulumi.Input<string | string[]>>>;
  /** Why no call of the local run needs it: `snail privileges` lists the reason, and refuses it where a call does. */
  unproven?: string;
}

/** The inline policies of one role, by the policy's name. */
export type Grants = Record<string, Grant[]>;

/** Throws unless every grant names its actions one by one, and some resource. */
export function refuseWildcards(component: string, grants: Grants): void {
  for (const [policy, statements] of Object.entries(grants)) {
    for (const { actions, on } of statements) {
      const wide = actions.find((action) => action.includes("*"));
      if (wide !== undefined) {
        throw new Error(`${component}: ${policy} must name each action, such as s3:GetObject; got ${wide}`);
      }
      if (Array.isArray(on) && on.length === 0) {
        throw new Error(`${component}: ${policy} must name a resource for ${actions.join(", ")}; got none`);
      }
    }
  }
}

function policyDocument(grants: Grant[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: grants.map(({ effect = "Allow", actions, on, condition }) => ({
      Effect: effect,
      Action: actions,
      Resource: on,
      ...(condition && { Condition: condition }),
    })),
  });
}

/** The grants of a role that no call of the local run needs, each with its reason; a component takes it as its inputs. */
export function unprovenGrants(grants: Grants): {
  unprovenGrants?: { policy: string; actions: string[]; reason: string }[];
} {
  const unproven = Object.entries(grants).flatMap(([policy, statements]) =>
    statements.flatMap(({ actions, unproven: reason }) => (reason === undefined ? [] : [{ policy, actions, reason }])),
  );
  return unproven.length > 0 ? { unprovenGrants: unproven } : {};
}

/** Attaches each policy to the role, inline and under its own name. */
export function attach(
  role: aws.iam.Role,
  name: string,
  grants: Grants,
  child: pulumi.CustomResourceOptions,
): aws.iam.RolePolicy[] {
  return Object.entries(grants).map(
    ([policy, statements]) =>
      new aws.iam.RolePolicy(
        `${name}-${policy}`,
        { role: role.name, name: policy, policy: policyDocument(statements) },
        child,
      ),
  );
}

/**
 * The trust policy of a role that one service assumes. It has no condition: API Gateway sends no `aws:SourceAccount` when
 * it assumes a role, and would be refused
 * (https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479).
 */
export const trust = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });

/** The statement of a bucket's or queue's policy that refuses every call without TLS. */
export const tlsOnly = (action: "s3:*" | "sqs:*", on: pulumi.Input<string>[]) => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: on,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
