import { expect } from "chai";
import { AwsError } from "../../http/awsError";
import { verifyPostPolicySignature } from "../../http/postPolicy";
import { hmacHex, signingKey } from "../../http/signingKey";
import type { Principal } from "../../iam/principal";

// sigv4-authentication-HTTPPOST.html: the string to sign is the policy in base64.
describe("the signature of a POST policy", () => {
  const credentials = { accessKeyId: "ASIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" };
  const principal: Principal = { kind: "role", arn: "arn:aws:iam::123456789012:role/r", accountId: "123456789012" };
  const iam = {
    lookup: (key: string) => (key === credentials.accessKeyId ? { principal, credentials } : undefined),
  };
  const policy = Buffer.from('{"expiration":"2030-01-01T00:00:00Z","conditions":[]}').toString("base64");
  const scope = { accessKeyId: credentials.accessKeyId, date: "20260102", region: "eu-central-1", service: "s3" };
  const fields = {
    policy,
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": "ASIDEXAMPLE/20260102/eu-central-1/s3/aws4_request",
    "x-amz-date": "20260102T030405Z",
    "x-amz-security-token": "token",
    "x-amz-signature": hmacHex(signingKey(credentials.secretAccessKey, scope), policy),
  };

  it("tells who signed it", () => {
    expect(verifyPostPolicySignature(iam, "eu-central-1", fields)).to.equal(principal);
  });

  const cases: [string, Partial<Record<keyof typeof fields, string>>, string][] = [
    ["another policy", { policy: `${policy}AA` }, "SignatureDoesNotMatch"],
    ["another token", { "x-amz-security-token": "other" }, "InvalidToken"],
    ["an unknown key", { "x-amz-credential": "AKID/20260102/eu-central-1/s3/aws4_request" }, "InvalidAccessKeyId"],
    [
      "another service's scope",
      { "x-amz-credential": "AKID/20260102/eu-central-1/sqs/aws4_request" },
      "InvalidArgument",
    ],
    [
      "another region's scope (recorded: test_create_bucket_aws_global)",
      { "x-amz-credential": "ASIDEXAMPLE/20260102/aws-global/s3/aws4_request" },
      "AuthorizationHeaderMalformed",
    ],
    ["no signature", { "x-amz-signature": undefined }, "InvalidArgument"],
    ["another algorithm", { "x-amz-algorithm": "AWS" }, "InvalidRequest"],
  ];
  for (const [name, changed, code] of cases) {
    it(`is refused with ${name}`, () => {
      expect(() => verifyPostPolicySignature(iam, "eu-central-1", { ...fields, ...changed }))
        .to.throw(AwsError)
        .with.property("code", code);
    });
  }

  it("is refused with version 2, where AWS takes it, as not implemented", () => {
    const signed = { policy, awsaccesskeyid: credentials.accessKeyId, signature: "c2ln" };
    expect(() => verifyPostPolicySignature(iam, "us-east-1", signed))
      .to.throw(AwsError)
      .with.property("status", 501);
    expect(() => verifyPostPolicySignature(iam, "eu-central-1", signed))
      .to.throw(AwsError)
      .with.property("status", 400);
  });

  it("names the field that is missing (recorded: test_post_request_missing_signature, test_post_request_missing_fields)", () => {
    for (const name of ["X-Amz-Signature", "X-Amz-Algorithm"]) {
      const without = { ...fields, [name.toLowerCase()]: undefined };
      expect(() => verifyPostPolicySignature(iam, "eu-central-1", without)).to.throw(
        `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
      );
    }
  });
});
