import { BUCKET, BUCKET_POLICY } from "../../model/awsTypes";
import { grantsOn } from "../../model/policies";
import { publicPrincipal } from "../publicPrincipal";
import { rule } from "../rule";
import { reachableWithoutTls } from "../transport";
import { accountOf, ownAccount } from "../../model/accounts";

const attachment = [BUCKET_POLICY, "bucket"] as const;

export const noPublicPrincipal = publicPrincipal({
  name: "s3-no-public-principal",
  group: "S3",
  ids: ["S3.2", "S3.3", "CKV_AWS_20", "CKV_AWS_57", "CKV_AWS_70", "CFN-F14", "CFN-F15", "CFN-F16"],
  title: "No bucket policy allows everyone",
  reason: "Objects would be public, or writable by anyone.",
  remedy: "Name the principals, or serve the objects through CloudFront or presigned URLs.",
  types: [BUCKET, BUCKET_POLICY],
});

export const tls = rule({
  name: "s3-deny-without-tls",
  group: "S3",
  ids: ["S3.5", "CKV_AWS_379", "NAG-S10"],
  level: "mandatory",
  title: "Every bucket refuses calls without TLS, for itself and its objects",
  reason: "Over plain HTTP, objects and credentials can be read on the way.",
  remedy: "Deny s3:* to principal * on the bucket and its objects where aws:SecureTransport is false.",
  types: [BUCKET],
  reads: "graph",
  check: (bucket, graph) => reachableWithoutTls(graph, bucket, { attachment, action: "s3:*", suffixes: ["", "/*"] }),
});

export const noForeignAccount = rule({
  name: "s3-no-foreign-account",
  group: "S3",
  ids: ["S3.6"],
  level: "mandatory",
  title: "No bucket policy trusts another account without a condition",
  reason: "Everyone who gets rights in that account would reach the bucket.",
  remedy: "Grant to roles of the own account, add a condition, or list the account in the setting trustedAccounts.",
  types: [BUCKET],
  reads: "graph",
  settings: {
    trustedAccounts: {
      type: "array",
      items: { type: "string" },
      default: [] as string[],
      description: "Ids of other accounts that buckets may trust",
    },
  },
  *check(bucket, graph, { trustedAccounts }) {
    for (const { effect, principals, conditions, property, source } of grantsOn(graph, bucket, attachment)) {
      if (effect === "Deny" || conditions.length > 0) continue;
      for (const { kind, value } of principals) {
        if (kind === "Service" || value === "*") continue; // another rule's
        const account = accountOf(value);
        if (account !== undefined && [...trustedAccounts, ownAccount(graph, source, property)].includes(account))
          continue;
        yield { property: `${property}: Principal`, value, allowed: "principals of this account", on: source };
      }
    }
  },
});
