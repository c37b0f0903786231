import { BUCKET } from "../../model/awsTypes";
import { isDeclared, read } from "../../model/read";
import { rule } from "../rule";

export const ownership = rule({
  name: "s3-ownership",
  group: "S3",
  ids: ["S3.12", "CKV2_AWS_65"],
  level: "mandatory",
  title: "Every bucket owns all its objects, and has no ACL",
  reason: "An ACL grants rights that no policy shows.",
  remedy:
    "Declare an aws.s3.BucketOwnershipControls with objectOwnership BucketOwnerEnforced, and grant by policies alone.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    for (const property of ["acl", "grants"])
      if (isDeclared(bucket, property)) yield { property, value: read(bucket, property), allowed: "not set" };
    for (const acl of graph.referrers(bucket, "aws:s3/bucketAcl:BucketAcl", "bucket"))
      yield { property: "acl", value: read(acl, "acl"), allowed: "no BucketAcl", on: acl };
    const controls = graph.referrers(bucket, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket");
    const property = "rule.objectOwnership";
    if (controls.length === 0) yield { property, allowed: "BucketOwnerEnforced" };
    for (const control of controls) {
      const value = read(control, property);
      if (value !== "BucketOwnerEnforced") yield { property, value, allowed: "BucketOwnerEnforced", on: control };
    }
  },
});
