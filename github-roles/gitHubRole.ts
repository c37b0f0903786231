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
  statements: pulumi.Input<Statement[]>;
}

/** A role that jobs of one repository take without a stored key, and that can never do more than its statements. */
export class GitHubRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: GitHubRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:deploy:GitHubRole", name, {}, opts);
    const child = { parent: this };

    const policy = new aws.iam.Policy(
      `${name}-rights`,
      { policy: pulumi.output(args.statements).apply((statements) => policyText(name, statements)) },
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
        // The same document twice: policies that are attached to the role later stay inside it.
        permissionsBoundary: policy.arn,
      },
      child,
    );
    new aws.iam.RolePolicyAttachment(`${name}-attachment`, { role: role.name, policyArn: policy.arn }, child);

    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
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
