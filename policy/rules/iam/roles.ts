import { ROLE } from "../../model/awsTypes";
import { parseArn } from "../../model/arn";
import { placedStatements } from "../../model/policies";
import { conditionOn } from "../../model/policyDocument";
import { readList } from "../../model/read";
import { rule } from "../rule";

const attachments = [
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
];

export const noManagedPolicy = rule({
  name: "iam-no-aws-managed-policy",
  group: "IAM",
  ids: ["NAG-IAM4", "CKV_AWS_274"],
  level: "mandatory",
  title: "No principal has a policy that AWS manages",
  reason: "It is written for everyone, has wildcards, and AWS changes it.",
  remedy: "Write a policy with the actions and resources that are needed.",
  types: [ROLE, ...attachments],
  reads: "resource",
  settings: {
    allowedPolicies: {
      type: "array",
      items: { type: "string" },
      default: [] as string[],
      description: "ARNs of AWS-managed policies that may be attached",
    },
  },
  *check(resource, _, { allowedPolicies }) {
    const property = resource.type === ROLE ? "managedPolicyArns" : "policyArn";
    const arns = readList(resource, property).map(String);
    for (const value of arns.filter((arn) => parseArn(arn)?.account === "aws"))
      if (!allowedPolicies.includes(value)) yield { property, value, allowed: "policies of this account" };
  },
});

export const trust = rule({
  name: "iam-trust",
  group: "IAM",
  ids: ["CKV_AWS_60", "CKV_AWS_61", "CFN-F2"],
  level: "mandatory",
  title: "The trust of a role names one service, or principals without wildcards",
  reason: "Every principal that the trust covers has all rights of the role.",
  remedy:
    "Trust one service; for a service other than API Gateway, add aws:SourceAccount or aws:SourceArn where it sends them.",
  types: [ROLE],
  reads: "resource",
  *check(role) {
    const property = "assumeRolePolicy: Principal";
    const statements = placedStatements(role, "trust").filter(({ effect }) => effect === "Allow");
    const principals = statements.flatMap((statement) => statement.principals);
    if (statements.some(({ notPrincipals }) => notPrincipals.length > 0))
      yield { property: "assumeRolePolicy: NotPrincipal", value: "set", allowed: "Principal" };
    for (const { value } of principals)
      if (value.includes("*")) yield { property, value, allowed: "one service, without wildcards" };
    for (const value of statements.flatMap(({ actions }) => actions))
      if (value.includes("*"))
        yield { property: "assumeRolePolicy: Action", value, allowed: "sts:AssumeRole, or its kind" };
    const services = [...new Set(principals.filter(({ kind }) => kind === "Service").map(({ value }) => value))];
    if (services.length > 1) yield { property, value: services.join(", "), allowed: "one service" };
    for (const statement of statements) {
      const root = statement.principals.find(
        ({ kind, value }) => kind === "AWS" && (/^\d{12}$/.test(value) || parseArn(value)?.resource === "root"),
      );
      if (root && statement.conditions.length === 0)
        yield { property, value: root.value, allowed: "roles by name, or a condition for a whole account" };
      const isApi = statement.principals.some(({ value }) => value === "apigateway.amazonaws.com");
      if (isApi && conditionOn(statement, "aws:SourceAccount"))
        yield {
          property: "assumeRolePolicy: Condition aws:SourceAccount",
          value: "set for apigateway.amazonaws.com",
          allowed: "not set: API Gateway does not send it for an integration, and every call would fail",
        };
    }
  },
});
