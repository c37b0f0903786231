import { both, plus, policy, resource, set, without, type Change } from "../../fixture";
import { ACCOUNT, allow, arn, bucket, deny, queue } from "../../parts";
import { attachment, IN, OUT, resizeMay } from "./stack";

/** Changes that come close to a loop. */
export const accepted: Readonly<Record<string, Change>> = {
  "when it writes to a bucket without a notification": both(
    plus(bucket("other")),
    resizeMay(allow("s3:PutObject", "arn:aws:s3:::other/*")),
  ),
  "when it writes beside the prefix": resizeMay(allow("s3:PutObject", "arn:aws:s3:::photos/input/*")),
  "when a Deny takes the prefix out": resizeMay(allow("s3:*", "arn:aws:s3:::photos/*"), deny("s3:Put*", IN)),
  "when a Deny takes out all but its own prefix": resizeMay(allow("s3:PutObject", "*"), {
    Effect: "Deny",
    Action: "s3:*",
    NotResource: OUT,
  }),
  "when the bucket's policy denies it": both(
    resizeMay(allow("s3:PutObject", IN)),
    plus(
      resource("aws:s3/bucketPolicy:BucketPolicy", "photos-policy", {
        bucket: "photos",
        policy: policy(deny("s3:PutObject", IN, { Principal: { AWS: ACCOUNT } })),
      }),
    ),
  ),
  "when the bucket's policy denies everyone but another": both(
    resizeMay(allow("s3:PutObject", IN)),
    plus(
      resource("aws:s3/bucketPolicy:BucketPolicy", "photos-policy", {
        bucket: "photos",
        policy: policy(deny("s3:PutObject", IN, { NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:role/index-role` } })),
      }),
    ),
  ),
  "when its permissions boundary leaves nothing": both(
    resizeMay(allow("s3:PutObject", "*")),
    plus(
      resource(
        "aws:iam/policy:Policy",
        "limits",
        { policy: policy(allow("s3:*", OUT)) },
        { outputs: { arn: `arn:aws:iam::${ACCOUNT}:policy/limits` } },
      ),
    ),
    set("resize-role", "permissionsBoundary", `arn:aws:iam::${ACCOUNT}:policy/limits`),
  ),
  "when the ends of keys differ": resizeMay(allow("s3:PutObject", "arn:aws:s3:::scans/in/*.jpg")),
  "when the notification is about other events": resizeMay(allow("s3:PutObjectTagging", "arn:aws:s3:::feeds/in/*")),
  "when the rule takes other keys": resizeMay(allow("s3:PutObject", "arn:aws:s3:::drawings/out/*")),
  "when the rule leaves its own keys out": both(
    set(
      "new-drawings",
      "eventPattern",
      JSON.stringify({ source: ["aws.s3"], detail: { object: { key: [{ "anything-but": { prefix: "out/" } }] } } }),
    ),
    resizeMay(allow("s3:PutObject", "arn:aws:s3:::drawings/out/*")),
  ),
  "when it sends events of another source": resizeMay(
    allow("events:PutEvents", "*", { Condition: { StringEquals: { "events:source": "resize" } } }),
  ),
  "when it sends events to a bus whose rules are for AWS": resizeMay(
    allow("events:PutEvents", arn("events", "event-bus/default")),
  ),
  "when only S3 may send to its queue": plus(
    resource("aws:sqs/queuePolicy:QueuePolicy", "uploads-policy", {
      queueUrl: "https://sqs/uploads",
      policy: policy(
        allow("sqs:SendMessage", arn("sqs", "uploads"), {
          Principal: "*",
          Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::photos" } },
        }),
        allow("sqs:SendMessage", arn("sqs", "uploads"), { Principal: { Service: "s3.amazonaws.com" } }),
      ),
    }),
  ),
  "when the mapping is switched off": both(
    resizeMay(allow("sqs:SendMessage", arn("sqs", "uploads"))),
    set("resize-mapping", "enabled", false),
  ),
  "when the rule is switched off": both(resizeMay(allow("events:PutEvents", "*")), set("paid", "state", "DISABLED")),
  "when failed runs wait for people": plus(
    queue("failed"),
    resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "resize-async", {
      functionName: "resize",
      destinationConfig: { onFailure: { destination: arn("sqs", "failed") } },
    }),
  ),
  "when failed messages of its queue come to it no other way": set("resize", "deadLetterConfig", {
    targetArn: arn("sqs", "uploads"),
  }),
  "when a policy of AWS lets it write logs alone": plus(
    attachment("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
  ),
  "without the queue": without("uploads"),
};
