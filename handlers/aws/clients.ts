import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/**
 * The SDK's clients, as the functions want them. Make each once per execution environment: a client holds the
 * connections that the next invocation uses again. They are made inside functions, because a client that is captured
 * does not survive the serialisation of a callback.
 */
export function createS3Client(): S3Client {
  return new S3Client({
    ...patience(),
    // TLS and SigV4 already guard the bytes; the default checksums cost CPU on every body.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

export function createSqsClient(): SQSClient {
  return new SQSClient(patience());
}

export function createDocumentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(patience()), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** How long a client waits (milliseconds) and how often it tries: a hung connection must not eat a whole invocation. */
function patience() {
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
