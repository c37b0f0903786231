import { BUCKET } from "../../model/awsTypes";
import { read, readFlag } from "../../model/read";
import { oneByOne } from "../oneByOne";
import { rule } from "../rule";

const switches = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const publicAccessBlock = rule({
  name: "s3-public-access-block",
  group: "S3",
  ids: ["S3.1", "S3.8", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "NAG-S2"],
  level: "mandatory",
  title: "Every bucket has a public access block with all four switches on",
  reason: "A policy or ACL that is widened by mistake would make its objects public.",
  remedy: "Declare an aws.s3.BucketPublicAccessBlock for the bucket, with all four switches true.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    const blocks = graph.referrers(bucket, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket");
    if (blocks.length === 0) yield { property: "public access block", allowed: "one, with all four switches true" };
    const all = blocks.flatMap((on) => switches.map((property) => ({ on, property })));
    yield* oneByOne(all, function* ({ on, property }) {
      if (!readFlag(on, property)) yield { property, value: read(on, property), allowed: "true", on };
    });
  },
});
