import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./rights";

/** The most characters, without white space, that IAM takes for one managed policy. */
const POLICY_LIMIT = 6144;

export interface GitHubRoleArgs {
  /** ARN of the account's OIDC provider for GitHub. */
  providerArn: pulumi.Input<string>;
  /** `owner/name`. */
  repository: string;
  /** Workflow environments whose jobs may take the role. */
  environments: [string, ...string[]];
  /** The role's rights: statements by the end of their policy's name. IAM attaches up to 10 policies to a role. */
  statements: Record<string, pulumi.Input<Statement[]>>;
}

/**
 * A role that jobs of one repository take without a stored key. Its boundary has the actions of its statements, so that
 * a policy that is attached to it later brings no other.
 */
export class GitHubRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: GitHubRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:deploy:GitHubRole", name, {}, opts);
    const child = { parent: this };

    const boundary = new aws.iam.Policy(
      `${name}-boundary`,
      {
        policy: pulumi
          .all(Object.values(args.statements))
          .apply((policies) => policyText(`${name}-boundary`, [actionsOf(policies.flat())])),
      },
      child,
    );
    const role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Federated: args.providerArn },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {
                  "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                  "token.actions.githubusercontent.com:sub": args.environments.map(
                    (environment) => `repo:${args.repository}:environment:${environment}`,
                  ),
                },
              },
            },
          ],
        }),
        maxSessionDuration: 3600,
        permissionsBoundary: boundary.arn,
      },
      child,
    );
    for (const [rights, statements] of Object.entries(args.statements)) {
      const policy = new aws.iam.Policy(
        `${name}-${rights}`,
        { policy: pulumi.output(statements).apply((these) => policyText(`${name}-${rights}`, these)) },
        child,
      );
      new aws.iam.RolePolicyAttachment(
        `${name}-${rights}-attachment`,
        { role: role.name, policyArn: policy.arn },
        child,
      );
    }

    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** All actions of some statements, on any resource. */
function actionsOf(statements: readonly Statement[]): Statement {
  const actions = [...new Set(statements.flatMap(({ Action }) => Action))];
  return { Sid: "Actions", Effect: "Allow", Action: actions, Resource: ["*"] };
}

/** A policy document; throws when IAM would refuse it for its length. */
export function policyText(name: string, statements: readonly Statement[]): string {
  // Names of statements would count too.
  const text = JSON.stringify({ Version: "2012-10-17", Statement: statements }, (key, value: unknown) =>
    key === "Sid" ? undefined : value,
  );
  if (text.length > POLICY_LIMIT)
    throw new Error(`the policy of ${name} has ${text.length} characters; IAM takes at most ${POLICY_LIMIT}`);
  return text;
}
