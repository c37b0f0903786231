import { AwsError } from "./awsError";
import type { SignatureMaterial } from "./signatureMaterial";
import { parseTimestamp, timestampOf } from "./signingKey";

const allowedSkewMs = 15 * 60_000;
const seconds = (date: Date): string => date.toISOString().replace(/\.\d{3}/, "");

/** Throws unless the request was signed within 15 minutes of now, or its presigned URL is still valid. */
export function checkAge(material: SignatureMaterial, now: Date): void {
  const signed = parseTimestamp(material.timestamp);
  const s3 = material.scope.service === "s3";
  if (signed === undefined) {
    throw s3
      ? new AwsError(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header")
      : new AwsError(
          400,
          "IncompleteSignature",
          `Date must be in ISO-8601 'basic format'. Got '${material.timestamp}'. See http://en.wikipedia.org/wiki/ISO_8601`,
        );
  }
  if (material.expiresInSeconds !== undefined) checkExpiry(signed, material.expiresInSeconds, now, s3);
  else checkSkew(signed, now, s3);
}

function checkExpiry(signed: Date, expiresInSeconds: number, now: Date, s3: boolean): void {
  const expires = new Date(signed.getTime() + expiresInSeconds * 1000);
  if (signed.getTime() > now.getTime() + allowedSkewMs) {
    throw s3
      ? new AwsError(403, "AccessDenied", "Request is not valid yet", { ServerTime: seconds(now) })
      : notYetCurrent(signed, now);
  }
  if (now.getTime() <= expires.getTime()) return;
  throw s3
    ? new AwsError(403, "AccessDenied", "Request has expired", {
        "X-Amz-Expires": String(expiresInSeconds),
        Expires: seconds(expires),
        ServerTime: seconds(now),
      })
    : new AwsError(400, "RequestExpired", "Request has expired.");
}

function checkSkew(signed: Date, now: Date, s3: boolean): void {
  const skew = now.getTime() - signed.getTime();
  if (Math.abs(skew) <= allowedSkewMs) return;
  if (s3) {
    throw new AwsError(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      {
        RequestTime: timestampOf(signed),
        ServerTime: seconds(now),
        MaxAllowedSkewMilliseconds: String(allowedSkewMs),
      },
    );
  }
  if (skew < 0) throw notYetCurrent(signed, now);
  const earliest = timestampOf(new Date(now.getTime() - allowedSkewMs));
  throw new AwsError(
    403,
    "SignatureDoesNotMatch",
    `Signature expired: ${timestampOf(signed)} is now earlier than ${earliest} (${timestampOf(now)} - 15 min.)`,
  );
}

function notYetCurrent(signed: Date, now: Date): AwsError {
  const latest = timestampOf(new Date(now.getTime() + allowedSkewMs));
  return new AwsError(
    403,
    "SignatureDoesNotMatch",
    `Signature not yet current: ${timestampOf(signed)} is still later than ${latest} (${timestampOf(now)} + 15 min.)`,
  );
}
