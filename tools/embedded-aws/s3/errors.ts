import { AwsError } from "../http/awsError";

/** S3's errors, worded as on its page "Error responses" (API_ErrorResponses.html in the API reference). */

export const noSuchBucket = (bucket: string): AwsError =>
  new AwsError(404, "NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket });

export const noSuchKey = (key: string): AwsError =>
  new AwsError(404, "NoSuchKey", "The specified key does not exist.", { Key: key });

export const noSuchVersion = (key: string, versionId: string): AwsError =>
  new AwsError(404, "NoSuchVersion", "The specified version does not exist.", { Key: key, VersionId: versionId });

export const noSuchUpload = (uploadId: string): AwsError =>
  new AwsError(
    404,
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { UploadId: uploadId },
  );

export const invalidArgument = (message: string, name: string, value: string): AwsError =>
  new AwsError(400, "InvalidArgument", message, { ArgumentName: name, ArgumentValue: value });

export const invalidRequest = (message: string): AwsError => new AwsError(400, "InvalidRequest", message);

export const malformedXml = (): AwsError =>
  new AwsError(
    400,
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );

export const preconditionFailed = (condition: string): AwsError =>
  new AwsError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: condition,
  });

export const badDigest = (what: string): AwsError =>
  new AwsError(400, "BadDigest", `The ${what} you specified did not match the calculated checksum.`);

/** The answer of AWS, too, to some requests that it does not expect. */
export const internalError = (): AwsError =>
  new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");

export const accessDenied = (message = "Access Denied"): AwsError => new AwsError(403, "AccessDenied", message);

export const methodNotAllowed = (method: string, resourceType: string): AwsError =>
  new AwsError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", {
    Method: method,
    ResourceType: resourceType,
  });
