import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { openDatabase } from "../../database";
import { createDynamodb, type DynamodbAdmin, type DynamodbOptions } from "../../dynamodb/dynamodb";
import { AwsError } from "../../http/awsError";
import type { AccessQuestion, Iam } from "../../iam/iam";
import type { Place } from "../../place";
import type { Principal } from "../../iam/principal";
import type { WireService } from "../../http/wireService";

export const place: Place = {
  accountId: "000000000000",
  region: "us-east-1",
  partition: "aws",
  awsUrl: "http://127.0.0.1:4001",
  apiUrl: "http://127.0.0.1:4000",
};
export const owner: Principal = { kind: "user", arn: "arn:aws:iam::000000000000:root", accountId: "000000000000" };
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

/** An IAM that notes each request, and denies those of `denies`. */
export function recordingIam(denies: (question: AccessQuestion) => boolean = () => false): Iam & {
  questions: AccessQuestion[];
} {
  const questions: AccessQuestion[] = [];
  return {
    questions,
    owner: credentials,
    authorize: (question) => {
      questions.push(question);
      if (denies(question))
        throw new AwsError(403, "AccessDenied", `User: x is not authorized to perform: ${question.action}`);
    },
    credentialsOf: () => ({ ...credentials, expiresAt: Infinity }),
    lookup: () => ({ principal: owner, credentials }),
    assume: (roleArn) => ({ kind: "role", arn: roleArn, accountId: place.accountId }),
  };
}

export function startDynamodb(options: Partial<DynamodbOptions> = {}) {
  const db = openDatabase(":memory:");
  const iam = recordingIam();
  return createDynamodb({ db, dir: undefined, iam, place, sweepSeconds: 0, ...options });
}

/** Makes a table with partition key `original` and sort key `imageType`, and waits until it is there. */
export async function createTable(
  dynamodb: DynamodbAdmin,
  TableName: string,
  more: Record<string, unknown> = {},
): Promise<void> {
  await dynamodb.call("CreateTable", {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [
      { AttributeName: "original", KeyType: "HASH" },
      { AttributeName: "imageType", KeyType: "RANGE" },
    ],
    AttributeDefinitions: [
      { AttributeName: "original", AttributeType: "S" },
      { AttributeName: "imageType", AttributeType: "S" },
    ],
    ...more,
  });
  await tableIsActive(dynamodb, TableName);
}

/** Waits until a table is there. */
export async function tableIsActive(dynamodb: DynamodbAdmin, TableName: string): Promise<void> {
  const status = async () =>
    ((await dynamodb.call("DescribeTable", { TableName })).Table as { TableStatus: string }).TableStatus;
  while ((await status()) !== "ACTIVE") await new Promise(setImmediate);
}

interface SdkRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

/** An SDK client whose requests go to the service in process. */
export function clientOf(service: WireService, principal = owner): DynamoDBClient {
  const handle = async (request: SdkRequest) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, v]) => [name.toLowerCase(), v]));
    const { body = "" } = request;
    const answer = await service.handle({
      service: "dynamodb",
      method: request.method,
      path: request.path,
      query: new URLSearchParams(request.query),
      headers,
      body: Readable.from([typeof body === "string" ? Buffer.from(body) : Buffer.concat([body])]),
      principal,
      requestId: randomUUID(),
      secure: true,
    });
    const stream = Readable.from([Buffer.from((answer.body as string | undefined) ?? "")]);
    return { response: { statusCode: answer.status, headers: answer.headers, body: stream } };
  };
  return new DynamoDBClient({
    region: place.region,
    endpoint: place.awsUrl,
    credentials,
    maxAttempts: 1,
    requestHandler: { handle },
  });
}

/** Rejections of the SDK, with what its exceptions carry. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<Error & Record<string, unknown> & { $metadata: { httpStatusCode?: number } }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown> & { $metadata: { httpStatusCode?: number } };
  }
  throw new Error("The call succeeded, and should have failed");
}
