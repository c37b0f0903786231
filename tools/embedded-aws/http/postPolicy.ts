import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import { AwsError } from "./awsError";
import { signatureErrors } from "./signatureErrors";
import { hmacHex, parseCredential, sameSignature, signingKey } from "./signingKey";

/** The fields that a signed form must have, in the order in which AWS asks for them (recorded: test_post_request_missing_fields). */
const signedFields = ["X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date"];

/**
 * Who signed the policy of a browser-based upload (presigned POST). Such a request comes to S3 as an anonymous call,
 * because its signature is in the form; S3 then checks the policy's conditions and expiration, and authorises the
 * upload for this principal.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
 * @param fields the form's fields, names in lower case
 */
export function verifyPostPolicySignature(
  iam: Pick<Iam, "lookup">,
  region: string,
  fields: Record<string, string | undefined>,
): Principal {
  const { policy } = fields;
  const algorithm = fields["x-amz-algorithm"];
  const credential = fields["x-amz-credential"];
  const signature = fields["x-amz-signature"];
  if (fields.awsaccesskeyid !== undefined || fields.signature !== undefined) {
    throw signatureErrors.otherMechanism(region);
  }
  if (signedFields.every((name) => fields[name.toLowerCase()] === undefined)) {
    throw new AwsError(403, "AccessDenied", "Access Denied");
  }
  const missing = signedFields.find((name) => fields[name.toLowerCase()] === undefined);
  if (missing !== undefined || policy === undefined || signature === undefined || credential === undefined) {
    throw new AwsError(
      400,
      "InvalidArgument",
      `Bucket POST must contain a field named '${missing ?? ""}'.  If it is specified, please check the order of the fields.`,
      { ArgumentName: missing ?? "", ArgumentValue: "" },
    );
  }
  if (algorithm !== "AWS4-HMAC-SHA256") throw signatureErrors.otherMechanism(region);
  const scope = parseCredential(credential);
  if (scope?.service !== "s3") {
    throw new AwsError(
      400,
      "InvalidArgument",
      'The x-amz-credential field is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request".',
      { ArgumentName: "x-amz-credential", ArgumentValue: credential },
    );
  }
  if (scope.region !== region) throw signatureErrors.wrongRegion("s3", scope.region, region);
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
