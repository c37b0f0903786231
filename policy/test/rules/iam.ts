import { plus, policy, resource, set, type Fixture } from "../fixture";

const bucket = "arn:aws:s3:::photos";
const read = { Effect: "Allow", Action: ["s3:GetObject"], Resource: `${bucket}/raw/*` };
const rolePolicy = (...statements: unknown[]) =>
  resource("aws:iam/rolePolicy:RolePolicy", "policy", { role: "role", policy: policy(...statements) });
const withPolicy = (...statements: unknown[]) => set("policy", "policy", policy(...statements));
const trust = (statement: Record<string, unknown>) =>
  policy({ Effect: "Allow", Action: "sts:AssumeRole", ...statement });
const role = (inputs: Record<string, unknown> = {}) =>
  resource("aws:iam/role:Role", "role", {
    name: "role",
    assumeRolePolicy: trust({ Principal: { Service: "lambda.amazonaws.com" } }),
    ...inputs,
  });
const trusting = (statement: Record<string, unknown>) => set("role", "assumeRolePolicy", trust(statement));

/** Fixtures of the rules about rights, by the rule's name. */
export const iam: Record<string, Fixture> = {
  "iam-no-action-wildcard": {
    good: [rolePolicy(read)],
    bad: {
      "with all actions": withPolicy({ ...read, Action: "*" }),
      "with all actions of a service": withPolicy({ ...read, Action: "s3:*" }),
      "with some actions": withPolicy({ ...read, Action: ["s3:GetObject", "s3:List*"] }),
      "with all actions but one": withPolicy({ ...read, Action: undefined, NotAction: ["iam:PassRole"] }),
      "with a single statement": set("policy", "policy", { Statement: { ...read, Action: "s3:*" } }),
      "in a role's inline policy": plus(
        resource("aws:iam/role:Role", "other", {
          inlinePolicies: [{ name: "p", policy: policy({ ...read, Action: "*" }) }],
        }),
      ),
      "in a policy of its own": plus(
        resource("aws:iam/policy:Policy", "other", { policy: policy({ ...read, Action: "s3:Get*" }) }),
      ),
    },
    fine: { "denying all actions": withPolicy({ ...read, Effect: "Deny", Action: "s3:*" }) },
  },
  "iam-no-resource-wildcard": {
    good: [rolePolicy(read, { ...read, Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" })],
    bad: {
      "with every resource": withPolicy({ ...read, Resource: "*" }),
      "with every resource in a list": withPolicy({ ...read, Resource: [bucket, "*"] }),
      "with every queue": withPolicy({
        ...read,
        Action: "sqs:SendMessage",
        Resource: "arn:aws:sqs:eu-west-1:111111111111:*",
      }),
      "with every resource but one": withPolicy({ ...read, Resource: undefined, NotResource: bucket }),
      "with more than traces": withPolicy({
        ...read,
        Action: ["xray:PutTraceSegments", "s3:GetObject"],
        Resource: "*",
      }),
    },
  },
  "iam-no-aws-managed-policy": {
    good: [
      role(),
      resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attachment", {
        role: "role",
        policyArn: "arn:aws:iam::111111111111:policy/own",
      }),
    ],
    bad: {
      attached: set("attachment", "policyArn", "arn:aws:iam::aws:policy/AmazonS3FullAccess"),
      "in the role": set("role", "managedPolicyArns", [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
      ]),
    },
  },
  "iam-trust": {
    good: [role()],
    bad: {
      "with principal *": trusting({ Principal: "*" }),
      "with every action of STS": trusting({ Action: "sts:*" }),
      "with every AWS account": trusting({ Principal: { AWS: "*" } }),
      "with every service": trusting({ Principal: { Service: "*.amazonaws.com" } }),
      "with two services": trusting({ Principal: { Service: ["lambda.amazonaws.com", "ec2.amazonaws.com"] } }),
      "with everyone but one": trusting({ NotPrincipal: { AWS: "111111111111" } }),
      "with a whole account": trusting({ Principal: { AWS: "arn:aws:iam::222222222222:root" } }),
      "with what API Gateway does not send": trusting({
        Principal: { Service: "apigateway.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
      }),
    },
    fine: {
      "with one role": trusting({ Principal: { AWS: "arn:aws:iam::222222222222:role/deploy" } }),
      "with API Gateway": trusting({ Principal: { Service: "apigateway.amazonaws.com" } }),
    },
  },
  "iam-no-escalation": {
    good: [
      rolePolicy(read, { Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::111111111111:role/work" }),
    ],
    bad: {
      "with any role to pass": withPolicy({ ...read, Action: "iam:PassRole", Resource: "*" }),
      "with all roles to assume": withPolicy({
        ...read,
        Action: "sts:AssumeRole",
        Resource: "arn:aws:iam::111111111111:role/*",
      }),
      "with IAM's actions by a wildcard": withPolicy({ ...read, Action: "iam:Put*", Resource: "*" }),
      "with every key": withPolicy({ ...read, Action: "kms:Decrypt", Resource: "*" }),
      "with every key of the account": withPolicy({
        ...read,
        Action: ["kms:Decrypt"],
        Resource: "arn:aws:kms:eu-west-1:111111111111:key/*",
      }),
    },
    fine: {
      "with roles for one service": withPolicy({
        ...read,
        Action: "iam:PassRole",
        Resource: "arn:aws:iam::111111111111:role/*",
        Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      }),
    },
  },
  "iam-possible": {
    good: [rolePolicy(read), role()],
    bad: {
      "with an action that does not exist": withPolicy({ ...read, Action: "s3:ReadObject" }),
      "with an exception that does not exist": withPolicy({ ...read, Action: undefined, NotAction: "s3:ReadObject" }),
      "with a bucket where an object is meant": withPolicy({ ...read, Resource: bucket }),
      "with a condition key of another action": withPolicy({
        ...read,
        Condition: { StringLike: { "s3:prefix": "raw/" } },
      }),
      "without an action": withPolicy({ ...read, Action: undefined }),
      "with text that is not a policy": set("policy", "policy", "{"),
      "with another effect": withPolicy({ ...read, Effect: "Permit" }),
      "with a trust that does not exist": trusting({
        Action: "sts:Assume",
        Principal: { Service: "lambda.amazonaws.com" },
      }),
    },
  },
};
