import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import { AwsError } from "./awsError";
import { signatureErrors } from "./signatureErrors";
import { hmacHex, parseCredential, sameSignature, signingKey } from "./signingKey";

/**
 * Who signed the policy of a browser-based upload (presigned POST). Such a request comes to S3 as an anonymous call,
 * because its signature is in the form; S3 then checks the policy's conditions and expiration, and authorises the
 * upload for this principal.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
 * @param fields the form's fields, names in lower case
 */
export function verifyPostPolicySignature(
  iam: Pick<Iam, "lookup">,
  fields: Record<string, string | undefined>,
): Principal {
  const { policy } = fields;
  const algorithm = fields["x-amz-algorithm"];
  const credential = fields["x-amz-credential"];
  const signature = fields["x-amz-signature"];
  if (policy === undefined || signature === undefined || credential === undefined || !fields["x-amz-date"]) {
    throw new AwsError(
      403,
      "AccessDenied",
      "Bucket POST must contain the fields policy, x-amz-algorithm, x-amz-credential, x-amz-date and x-amz-signature.",
    );
  }
  if (algorithm !== "AWS4-HMAC-SHA256") throw signatureErrors.otherMechanism();
  const scope = parseCredential(credential);
  if (scope?.service !== "s3") {
    throw new AwsError(
      400,
      "InvalidArgument",
      'The x-amz-credential field is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request".',
      { ArgumentName: "x-amz-credential", ArgumentValue: credential },
    );
  }
  const known = iam.lookup(scope.accessKeyId);
  if (known === undefined) throw signatureErrors.unknownKey("s3", scope.accessKeyId);
  if (known.credentials.sessionToken !== fields["x-amz-security-token"]) throw signatureErrors.wrongToken("s3");
  const key = signingKey(known.credentials.secretAccessKey, scope);
  if (!sameSignature(hmacHex(key, policy), signature)) {
    throw signatureErrors.mismatch("s3", {
      AWSAccessKeyId: scope.accessKeyId,
      StringToSign: policy,
      SignatureProvided: signature,
    });
  }
  return known.principal;
}
