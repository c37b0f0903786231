import { TABLE } from "../../model/awsTypes";
import { keepsData } from "../../model/data";
import { read, readFlag, readList, readText } from "../../model/read";
import { inputRule, isSet } from "../inputRule";
import { rule } from "../rule";

const common = { group: "DynamoDB", type: TABLE } as const;

export const pointInTimeRecovery = inputRule({
  ...common,
  name: "dynamodb-point-in-time-recovery",
  ids: ["DynamoDB.2", "CKV_AWS_28", "NAG-DDB3"],
  level: "mandatory",
  title: "Every table can be restored to any moment of the last weeks",
  reason: "Items that are overwritten or deleted by mistake are lost.",
  remedy: "Set pointInTimeRecovery.enabled to true.",
  property: "pointInTimeRecovery.enabled",
  allowed: "true",
});

export const deletionProtection = rule({
  name: "dynamodb-deletion-protection",
  group: "DynamoDB",
  ids: ["DynamoDB.6"],
  level: "mandatory",
  title: "The tables of a stack that keeps data are protected from deletion",
  reason: "A deployment that replaces the table, or a call by mistake, would delete all items.",
  remedy: "Set deletionProtectionEnabled to true.",
  types: [TABLE],
  reads: "graph",
  *check(table, graph) {
    const property = "deletionProtectionEnabled";
    const isProtected = readFlag(table, property);
    if (keepsData(graph) && !isProtected)
      yield { property, value: read(table, property), allowed: "true, in a stack that keeps data" };
  },
});

export const customerKey = inputRule({
  ...common,
  name: "dynamodb-customer-key",
  ids: ["CKV_AWS_119", "CFN-W74"],
  level: "advisory",
  title: "Every table is encrypted with a KMS key of the customer",
  reason: "Only the policy and the log of an own key show and limit who can read items.",
  remedy: "Set serverSideEncryption.kmsKeyArn, where the key is worth its price.",
  property: "serverSideEncryption.kmsKeyArn",
  allowed: "a KMS key",
  accept: isSet,
});

export const capacity = rule({
  name: "dynamodb-capacity",
  group: "DynamoDB",
  ids: ["DynamoDB.1", "CFN-W73"],
  level: "mandatory",
  title: "Every table follows its load",
  reason: "Fixed capacity throttles in a busy hour, and is paid for in all others.",
  remedy: "Set billingMode to PAY_PER_REQUEST, or declare an autoscaling target for the table.",
  types: [TABLE],
  reads: "graph",
  *check(table, graph) {
    const value = readText(table, "billingMode");
    if (value === "PAY_PER_REQUEST") return;
    const targets = graph.all("aws:appautoscaling/target:Target");
    const isScaled = targets.some((target) => readText(target, "resourceId") === `table/${String(table.outputs.name)}`);
    if (!isScaled) yield { property: "billingMode", value, allowed: "PAY_PER_REQUEST, or an autoscaling target" };
  },
});

export const backup = rule({
  name: "dynamodb-backup",
  group: "DynamoDB",
  ids: ["DynamoDB.4"],
  level: "advisory",
  title: "Every table is part of a backup plan",
  reason: "Point-in-time recovery ends with the table, and reaches 35 days back.",
  remedy: "Declare an aws.backup.Selection with the table, where it must be restored from further back.",
  types: [TABLE],
  reads: "graph",
  *check(table, graph) {
    const selected = graph
      .all("aws:backup/selection:Selection")
      .flatMap((selection) => readList(selection, "resources"))
      .map(String);
    if (!selected.some((arn) => arn === "*" || graph.named(arn, TABLE) === table))
      yield { property: "backup plan", allowed: "a selection with this table" };
  },
});
