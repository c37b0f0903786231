import type { Fixture } from "../fixture";
import { resource, set, without } from "../fixture";

const bucket = resource(
  "aws:s3/bucket:Bucket",
  "photos",
  { bucket: "photos" },
  { outputs: { arn: "arn:aws:s3:::photos" } },
);

/** Fixtures of the rules about buckets, by the rule's name. */
export const s3: Record<string, Fixture> = {
  "s3-public-access-block": {
    good: [
      bucket,
      resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {
        bucket: "photos",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      }),
    ],
    bad: {
      "without a block": without("block"),
      "with the block of another bucket": set("block", "bucket", "other"),
      "with public ACLs not blocked": set("block", "blockPublicAcls", false),
      "with public policies not blocked": set("block", "blockPublicPolicy", false),
      "with public ACLs not ignored": set("block", "ignorePublicAcls", false),
      "with public buckets not restricted": set("block", "restrictPublicBuckets", undefined),
    },
  },
};
