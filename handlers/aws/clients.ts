import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/**
 * The SDK's clients as the functions use them. Make each once per execution environment: a client keeps connections
 * that later invocations reuse. They are made inside functions, because a captured client cannot be serialised.
 */
export function createS3Client(): S3Client {
  const s3 = new S3Client({
    ...timeoutsAndRetries(),
    // TLS protects the bytes already; the SDK's default checksums cost CPU on every body.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  // So do hashes of bodies, which the SDK signs unless it is told not to.
  s3.middlewareStack.add(
    (next) => (args) => {
      if (hasBytes(args.request)) args.request.headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
      return next(args);
    },
    { step: "build" },
  );
  return s3;
}

function hasBytes(request: unknown): request is { body: Uint8Array; headers: Record<string, string> } {
  return request instanceof Object && "body" in request && request.body instanceof Uint8Array;
}

export function createCloudFrontClient(): CloudFrontClient {
  return new CloudFrontClient(timeoutsAndRetries());
}

export function createSqsClient(): SQSClient {
  return new SQSClient(timeoutsAndRetries());
}

export function createEventBridgeClient(): EventBridgeClient {
  return new EventBridgeClient(timeoutsAndRetries());
}

export function createDocumentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(timeoutsAndRetries()), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** Milliseconds, and tries in all. A connection that hangs must not use up a whole invocation. */
function timeoutsAndRetries() {
  return {
    maxAttempts: 4,
    retryMode: "standard",
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 10_000,
      socketTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  };
}
