import type { AccessDecision, DeclaredPolicy, Grant, PolicyStatement } from "../../../embedded-aws";

export const role = "arn:aws:iam::000000000000:role/worker";
export const photos = "arn:aws:s3:::photos";

/** A role's policy with statements that allow, unless they say otherwise. */
export const policyOf = (
  name: string,
  statements: Partial<PolicyStatement>[],
  held: Partial<DeclaredPolicy> = {},
): DeclaredPolicy => ({
  source: "identity",
  holder: role,
  name,
  document: { Version: "2012-10-17", Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })) },
  ...held,
});

export const grantOf = (
  policy: string,
  statement: number,
  actionPattern: string,
  resourcePattern: string,
  held: Partial<Grant> = {},
): Grant => ({ source: "identity", holder: role, policy, statement, actionPattern, resourcePattern, ...held });

/** A call that some grants allow, or that is denied. */
export const callOf = (action: string, resource: string, allowedBy: Grant[]): AccessDecision => ({
  caller: { kind: "role", arn: role },
  action,
  resource,
  context: {},
  ...(allowedBy.length > 0
    ? { allowedBy }
    : { denied: `User: x is not authorized to perform: ${action} because no policy` }),
});
