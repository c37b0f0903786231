import { AwsError, notImplemented } from "./awsError";

/** Regions from before 2014, where S3 still takes signatures of version 2 (UsingAWSSDK.html). */
const regionsOfVersion2 = [
  ...["us-east-1", "us-west-1", "us-west-2", "us-gov-west-1", "eu-west-1", "sa-east-1"],
  ...["ap-northeast-1", "ap-southeast-1", "ap-southeast-2"],
];

/** Details that S3 gives as bytes, too. */
const hexNames: Record<string, string> = {
  StringToSign: "StringToSignBytes",
  CanonicalRequest: "CanonicalRequestBytes",
};

const hexBytes = (text: string): string => Buffer.from(text, "latin1").toString("hex").match(/../g)?.join(" ") ?? "";

/**
 * The errors of request signing. S3 words and names most of them in its own way.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export const signatureErrors = {
  missing: (service: string | undefined): AwsError =>
    service === "s3"
      ? new AwsError(403, "AccessDenied", "Access Denied")
      : new AwsError(
          403,
          "MissingAuthenticationToken",
          service === "execute-api" ? "Missing Authentication Token" : "Request is missing Authentication Token",
        ),

  otherMechanism: (region: string | undefined): AwsError =>
    region !== undefined && regionsOfVersion2.includes(region)
      ? notImplemented("signatures of version 2")
      : new AwsError(
          400,
          "InvalidRequest",
          "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        ),

  malformedHeader: (service: string | undefined, header: string, missing: string[]): AwsError =>
    service === "s3"
      ? new AwsError(
          400,
          "AuthorizationHeaderMalformed",
          "The authorization header is malformed; " +
            (missing.includes("Credential")
              ? 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
              : `it lacks ${missing.join(", ")}.`),
        )
      : new AwsError(
          400,
          "IncompleteSignature",
          missing.map((name) => `Authorization header requires '${name}' parameter. `).join("") +
            `Authorization=${header}`,
        ),

  malformedQuery: (message: string): AwsError => new AwsError(400, "AuthorizationQueryParametersError", message),

  wrongService: (service: string, expected: string): AwsError =>
    new AwsError(
      403,
      "SignatureDoesNotMatch",
      `Credential should be scoped to correct service: '${expected}'. It is scoped to '${service}'.`,
    ),

  wrongRegion: (service: string, region: string, expected: string): AwsError =>
    service === "s3"
      ? new AwsError(
          400,
          "AuthorizationHeaderMalformed",
          `The authorization header is malformed; the region '${region}' is wrong; expecting '${expected}'`,
          { Region: expected },
        )
      : new AwsError(
          403,
          "SignatureDoesNotMatch",
          `Credential should be scoped to a valid region. It is scoped to '${region}', expected is '${expected}'.`,
        ),

  wrongDate: (scopeDate: string, timestamp: string): AwsError =>
    new AwsError(
      403,
      "SignatureDoesNotMatch",
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
        `'${scopeDate}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    ),

  unknownKey: (service: string, accessKeyId: string): AwsError =>
    service === "s3"
      ? new AwsError(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
          AWSAccessKeyId: accessKeyId,
        })
      : new AwsError(403, "InvalidClientTokenId", "The security token included in the request is invalid."),

  missingPayloadHash: (): AwsError =>
    new AwsError(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256"),

  wrongToken: (service: string): AwsError =>
    service === "s3"
      ? new AwsError(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
      : new AwsError(403, "InvalidClientTokenId", "The security token included in the request is invalid."),

  expiredToken: (service: string): AwsError =>
    service === "s3"
      ? new AwsError(400, "ExpiredToken", "The provided token has expired.")
      : new AwsError(403, "ExpiredToken", "The security token included in the request is expired"),

  unsignedHeaders: (names: string[]): AwsError =>
    new AwsError(403, "AccessDenied", "There were headers present in the request which were not signed", {
      HeadersNotSigned: names.join(", "),
    }),

  unsignedHost: (service: string): AwsError =>
    service === "s3"
      ? new AwsError(403, "AccessDenied", "The host header must be signed.")
      : new AwsError(
          403,
          "SignatureDoesNotMatch",
          "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ),

  mismatch: (service: string, details: Record<string, string>): AwsError =>
    service === "s3"
      ? new AwsError(
          403,
          "SignatureDoesNotMatch",
          "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
          Object.fromEntries(
            Object.entries(details).flatMap(([name, text]) =>
              name in hexNames
                ? [
                    [name, text],
                    [hexNames[name], hexBytes(text)],
                  ]
                : [[name, text]],
            ),
          ) as Record<string, string>,
        )
      : new AwsError(
          403,
          "SignatureDoesNotMatch",
          "The request signature we calculated does not match the signature you provided. " +
            "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        ),
};
