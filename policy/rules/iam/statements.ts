import { coversAction, parseArn } from "../../model/arn";
import { placedStatements, policyCarriers, type PlacedStatement } from "../../model/policies";
import type { Resource } from "../../model/resource";
import { rule } from "../rule";

const identityPolicies = policyCarriers("identity");
const allows = (resource: Resource): PlacedStatement[] =>
  placedStatements(resource, "identity").filter(({ effect }) => effect === "Allow");

export const noActionWildcard = rule({
  name: "iam-no-action-wildcard",
  group: "IAM",
  ids: ["IAM.1", "IAM.21", "CKV_AWS_62", "CKV_AWS_63", "NAG-IAM5", "CFN-F3", "CFN-F4"],
  level: "mandatory",
  title: "No policy allows actions by a wildcard",
  reason: "It grants what is not needed, and what AWS adds later.",
  remedy: "Name each action, and use Action in place of NotAction.",
  types: identityPolicies,
  reads: "resource",
  *check(resource) {
    for (const { property, actions, notActions } of allows(resource))
      for (const value of [
        ...actions.filter((action) => action.includes("*")),
        ...notActions.map((not) => `not ${not}`),
      ])
        yield { property: `${property}: Action`, value, allowed: "actions by name" };
  },
});

export const noResourceWildcard = rule({
  name: "iam-no-resource-wildcard",
  group: "IAM",
  ids: ["CKV_AWS_355", "CFN-W11", "CFN-W12"],
  level: "mandatory",
  title: "No policy allows actions on every resource",
  reason: "A function that is taken over would reach everything in the account.",
  remedy: "Name the resources by ARN; list an action that knows no resource in the setting actionsWithoutResource.",
  types: identityPolicies,
  reads: "resource",
  settings: {
    actionsWithoutResource: {
      type: "array",
      items: { type: "string" },
      default: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      description: "Actions that may be allowed on *, because they know no other resource",
    },
  },
  *check(resource, _, { actionsWithoutResource }) {
    for (const { property, actions, resources, notResources } of allows(resource)) {
      const wide = [...resources.filter(isEverything), ...notResources.map((not) => `all but ${not}`)];
      const excused = actions.length > 0 && actions.every((action) => actionsWithoutResource.includes(action));
      if (wide.length > 0 && !excused)
        yield { property: `${property}: Resource of ${actions.join(", ")}`, value: wide.join(", "), allowed: "ARNs" };
    }
  },
});

/** `*`, or an ARN whose name part is `*`. */
const isEverything = (resource: string): boolean => resource === "*" || parseArn(resource)?.resource === "*";

/** As {@link isEverything}, or all resources of a type: `role/*`. */
const isBroad = (resource: string): boolean =>
  isEverything(resource) || /^[\w-]*[/:]\*$/.test(parseArn(resource)?.resource ?? "");

/** Actions with which a principal can give itself more rights, where it may do them to any resource. */
const escalations = [
  "iam:AddUserToGroup",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreatePolicyVersion",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteUserPermissionsBoundary",
  "iam:PassRole",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:PutUserPolicy",
  "iam:SetDefaultPolicyVersion",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateLoginProfile",
  "lambda:UpdateFunctionCode",
  "sts:AssumeRole",
];
/** Conditions that keep such an action within bounds. */
const bounds = ["iam:PermissionsBoundary", "iam:PassedToService", "aws:ResourceTag", "iam:PolicyARN"];

/** Actions that make content readable: broad, they open everything that a key protects. */
const decrypting = ["kms:Decrypt", "kms:ReEncryptFrom"];
const decryptBounds = ["kms:ViaService", "kms:EncryptionContext", "aws:ResourceTag", "kms:ResourceAliases"];

export const noEscalation = rule({
  name: "iam-no-escalation",
  group: "IAM",
  ids: ["CKV_AWS_286", "CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_289", "CKV_AWS_290", "KMS.1", "KMS.2"],
  level: "mandatory",
  title: "No policy lets a principal widen its rights, or decrypt with any key",
  reason: "One principal that is taken over would become an administrator, or read everything that is encrypted.",
  remedy: "Name the roles, functions or keys, or bound the action by a condition such as iam:PassedToService.",
  types: identityPolicies,
  reads: "resource",
  *check(resource) {
    for (const statement of allows(resource)) {
      const broad = [...statement.resources.filter(isBroad), ...statement.notResources.map((not) => `all but ${not}`)];
      if (broad.length === 0) continue;
      const dangers = [
        ...(isBound(statement, bounds) ? [] : escalations),
        ...(isBound(statement, decryptBounds) ? [] : decrypting),
      ].filter((action) => statement.actions.some((pattern) => coversAction(pattern, action)));
      for (const action of dangers)
        yield {
          property: `${statement.property}: ${action}`,
          value: `on ${broad.join(", ")}`,
          allowed: "on named resources",
        };
    }
  },
});

const isBound = (statement: PlacedStatement, keys: readonly string[]): boolean =>
  statement.conditions.some(({ key }) => keys.some((bound) => key.toLowerCase().startsWith(bound.toLowerCase())));
