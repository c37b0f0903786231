import { plus, policy, resource, set, type Change, type Fixture } from "../fixture";
import { ACCOUNT, allow, bucket, deny, grants, lambda } from "../parts";

const DECODER = "ResolutionBasedImagePutProcess";
const RAW = "arn:aws:s3:::images/raw/*";
const may = (...statements: unknown[]): Change => set(`${DECODER}-policy`, "policy", policy(...statements));
const onlyNew = (value: string) => ({ Condition: { Null: { "s3:if-none-match": value } } });
const ALL = "arn:aws:s3:::images/*";
const written = ["s3:PutObject", "s3:DeleteObject"];

/** Fixtures of the rule about originals, by the rule's name. */
export const originals: Record<string, Fixture> = {
  "house-originals-out-of-reach": {
    good: [bucket("images"), ...lambda(DECODER), grants(DECODER, allow(written, ALL), deny(written, RAW))],
    bad: {
      "without the Deny": may(allow(written, ALL)),
      "with a Deny of deletions alone": may(allow(written, ALL), deny("s3:DeleteObject", RAW)),
      "with a Deny of overwriting alone": may(allow(written, ALL), deny("s3:PutObject", RAW)),
      "with a Deny for some originals": may(allow(written, ALL), deny(written, "arn:aws:s3:::images/raw/old/*")),
      "with a right to delete versions": may(allow("s3:DeleteObjectVersion", RAW)),
      "with storing what need not be new": may(allow("s3:PutObject", RAW, onlyNew("true"))),
      "with a right from the bucket": plus(
        resource("aws:s3/bucketPolicy:BucketPolicy", "images-policy", {
          bucket: "images",
          policy: policy(
            allow("s3:DeleteObjectVersion", RAW, {
              Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/${DECODER}-role` },
            }),
          ),
        }),
      ),
    },
    fine: {
      "with storing only what is new": may(allow("s3:PutObject", RAW, onlyNew("false"))),
      "with renditions alone": may(allow(written, "arn:aws:s3:::images/large/*")),
      "with a function that does not decode": plus(...lambda("Delete"), grants("Delete", allow(written, ALL))),
    },
  },
};
