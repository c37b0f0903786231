import { Readable } from "node:stream";
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type EmptyAws, startEmptyAws } from "../../tools/embedded-aws";

export interface AwsClients extends EmptyAws {
  s3: S3Client;
  sqs: SQSClient;
  dynamodb: DynamoDBClient;
}

/** The embedded AWS without a program, and clients of its owner; `close` ends them all. */
export async function startAwsClients(): Promise<AwsClients> {
  const aws = await startEmptyAws();
  const clients = {
    s3: new S3Client(aws.client),
    sqs: new SQSClient(aws.client),
    dynamodb: new DynamoDBClient(aws.client),
  };
  return {
    ...aws,
    ...clients,
    close: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await aws.close();
    },
  };
}

/** The client, which also keeps the input of each command. */
export function recording(s3: S3Client, inputs: object[]): Pick<S3Client, "send"> {
  const send = (command: Parameters<S3Client["send"]>[0]) => {
    inputs.push({ ...command.input });
    return s3.send(command);
  };
  return { send } as Pick<S3Client, "send">;
}

/** The client, whose lists come in small pages: a page of S3 has 1,000 keys unless a call asks for fewer. */
export function inPagesOf(MaxKeys: number, s3: S3Client): Pick<S3Client, "send"> {
  const send = (command: Parameters<S3Client["send"]>[0]) => {
    Object.assign(command.input, { MaxKeys });
    return s3.send(command);
  };
  return { send } as Pick<S3Client, "send">;
}

/** S3's answer to GetObject whose connection was closed too early. */
export const cutBody = (text: string, ContentLength: number) => ({
  ContentLength,
  LastModified: new Date(0),
  ETag: '"tag"',
  Body: Readable.from([Buffer.from(text)]),
});

/** The table of the service: partition key `original`, sort key `imageType`. */
export async function createImageMetadataTable(client: DynamoDBClient): Promise<void> {
  const TableName = "ImageMetadata";
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: key("original", "imageType"),
      AttributeDefinitions: ["original", "imageType", "statusShard", "listPosition"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S" as const,
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: "byStatusShard",
          KeySchema: key("statusShard", "listPosition"),
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName });
}
