import { KEY } from "../../model/awsTypes";
import { read, readFlag, readNumber, readText } from "../../model/read";
import { publicPrincipal } from "../publicPrincipal";
import { rule } from "../rule";

export const rotation = rule({
  name: "kms-rotation",
  group: "KMS",
  ids: ["KMS.4", "CKV_AWS_7", "NAG-KMS5"],
  level: "mandatory",
  title: "Every symmetric key is rotated each year",
  reason: "One key for all time protects ever more data.",
  remedy: "Set enableKeyRotation to true.",
  types: [KEY],
  reads: "resource",
  *check(key) {
    const property = "enableKeyRotation";
    // Keys for signatures cannot be rotated.
    const isSymmetric = (readText(key, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";
    if (isSymmetric && !readFlag(key, property)) yield { property, value: read(key, property), allowed: "true" };
  },
});

export const noPublicPrincipal = publicPrincipal({
  name: "kms-no-public-principal",
  group: "KMS",
  ids: ["KMS.5", "CKV_AWS_33"],
  title: "No key policy allows everyone",
  reason: "Anyone could decrypt with the key, or change it.",
  remedy: "Name roles, services or the account.",
  types: [KEY, "aws:kms/keyPolicy:KeyPolicy", "aws:kms/replicaKey:ReplicaKey"],
});

export const deletionWindow = rule({
  name: "kms-deletion-window",
  group: "KMS",
  ids: ["KMS.3"],
  level: "mandatory",
  title: "A key that is deleted can be kept for a month",
  reason: "With the key, everything that it encrypted is lost.",
  remedy: "Leave deletionWindowInDays out, or set it to 30.",
  types: [KEY],
  reads: "resource",
  settings: {
    leastDays: { type: "integer", default: 30, minimum: 7, maximum: 30, description: "Least deletionWindowInDays" },
  },
  *check(key, _, { leastDays }) {
    const property = "deletionWindowInDays";
    const value = readNumber(key, property);
    if (value !== undefined && value < leastDays) yield { property, value, allowed: `${leastDays} days` };
  },
});
