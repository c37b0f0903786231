import { AwsError } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { listOf, type PolicyDocument } from "../iam/policyDocument";
import { parseResourcePolicy } from "../iam/validatePolicy";
import { authorizeBucket, bucketArn } from "./access";
import type { S3Call } from "./parsedCall";
import { emptyAnswer } from "./answers";
import { change, type S3Context } from "./context";
import { accessDenied } from "./errors";
import { receiveText } from "./requestBody";
import { isBlocked, isPublic } from "./publicPolicy";

const malformed = (message: string): AwsError => new AwsError(400, "MalformedPolicy", message);

/** Parses a bucket's policy; its resources must be of this bucket. */
function parsePolicy(text: string, bucket: string): PolicyDocument {
  let policy: PolicyDocument | null;
  try {
    policy = JSON.parse(text) as PolicyDocument | null;
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  if (typeof policy !== "object" || policy === null || listOf(policy.Statement).length === 0) {
    throw malformed("Missing required field Statement");
  }
  for (const statement of listOf(policy.Statement)) {
    if (statement.Principal === undefined) throw malformed("Missing required field Principal");
    if (!["Allow", "Deny"].includes(statement.Effect)) throw malformed(`Invalid effect: ${statement.Effect}`);
    const arn = bucketArn(bucket);
    const resources = [...listOf(statement.Resource), ...listOf(statement.NotResource)];
    const foreign = resources.some((resource) => resource !== arn && !resource.startsWith(`${arn}/`));
    if (resources.length === 0 || foreign) throw malformed("Policy has invalid resource");
  }
  return parseResourcePolicy(policy, `policy of bucket ${bucket}`, "MalformedPolicy");
}

/** Keeps a policy. With BlockPublicPolicy, which a new bucket has, one that grants public access is refused. */
export function keepPolicy(s3: S3Context, bucket: string, text: string): void {
  const policy = parsePolicy(text, bucket);
  if (isBlocked(s3.buckets.setting(bucket, "publicAccessBlock"), "BlockPublicPolicy") && isPublic(policy)) {
    throw accessDenied(
      `Public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access of ${bucketArn(bucket)}`,
    );
  }
  change(s3, () => s3.buckets.set(bucket, "policy", text));
}

/** GetBucketPolicy (API_GetBucketPolicy.html). */
export function getBucketPolicy(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:GetBucketPolicy");
  const text = s3.buckets.setting(call.bucket, "policy");
  if (text === undefined) {
    throw new AwsError(404, "NoSuchBucketPolicy", "The bucket policy does not exist", { BucketName: call.bucket });
  }
  return { status: 200, headers: { "content-type": "application/json" }, body: text };
}

/** PutBucketPolicy (API_PutBucketPolicy.html). */
export async function putBucketPolicy(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  authorizeBucket(s3, call, "s3:PutBucketPolicy");
  keepPolicy(s3, call.bucket, await receiveText(call));
  return emptyAnswer(204);
}

/** DeleteBucketPolicy (API_DeleteBucketPolicy.html). */
export function deleteBucketPolicy(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:DeleteBucketPolicy");
  change(s3, () => s3.buckets.unset(call.bucket, "policy"));
  return emptyAnswer(204);
}
