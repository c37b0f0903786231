import { randomUUID } from "node:crypto";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type BucketLocationConstraint,
  type S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createImageMetadata } from "../../../handlers/aws/imageMetadata";
import { createImages } from "../../../handlers/aws/images";
import { createQueue } from "../../../handlers/aws/queue";
import { createTempImages } from "../../../handlers/aws/tempImages";
import { parseS3Notice } from "../../../handlers/protocol/messages";
import type { PortsUnderTest } from "./portConformance";

export interface AwsClients {
  s3: S3Client;
  sqs: SQSClient;
  dynamodb: DynamoDBClient;
  region: string;
}

/** The AWS adapters on buckets, queues and a table of their own, which `close` deletes. */
export async function openAwsPorts({ s3, sqs, dynamodb, region }: AwsClients): Promise<PortsUnderTest> {
  const prefix = `conformance-${randomUUID()}`;
  const [tempBucket, imagesBucket, table] = [`${prefix}-temp`, `${prefix}-images`, prefix];
  const location = { LocationConstraint: region as BucketLocationConstraint };
  for (const Bucket of [tempBucket, imagesBucket]) {
    const elsewhere = region === "us-east-1" ? {} : { CreateBucketConfiguration: location };
    await s3.send(new CreateBucketCommand({ Bucket, ...elsewhere }));
  }
  const VersioningConfiguration = { Status: "Enabled" as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket: tempBucket, VersioningConfiguration }));
  const events = await createEventQueue({ s3, sqs }, tempBucket);
  const putQueue = await queueUrl(sqs, `${prefix}-put`);
  const deleteQueue = await queueUrl(sqs, `${prefix}-delete`);
  await createTable(dynamodb, table);

  const marshallOptions = { removeUndefinedValues: true };
  return {
    ports: {
      temp: createTempImages(s3, tempBucket),
      images: createImages(s3, imagesBucket),
      metadata: createImageMetadata(DynamoDBDocumentClient.from(dynamodb, { marshallOptions }), table),
      putQueue: createQueue(sqs, putQueue),
      deleteQueue: createQueue(sqs, deleteQueue),
    },
    async upload(key, body, Metadata) {
      const put = new PutObjectCommand({ Bucket: tempBucket, Key: key, Body: body, Metadata });
      const { VersionId } = await s3.send(put);
      for (;;) {
        for (const message of await receiveAll(sqs, events)) {
          const notice = parseS3Notice(message);
          const uploads = notice.kind === "uploads" ? notice.uploads : [];
          const event = uploads.find(({ versionId }) => versionId === VersionId);
          if (event?.key === key) return event;
        }
      }
    },
    async sent(queue) {
      const messages: unknown[] = [];
      while (messages.length === 0) {
        messages.push(...(await receiveAll(sqs, queue === "putQueue" ? putQueue : deleteQueue)));
      }
      return messages;
    },
    async close() {
      for (const Bucket of [tempBucket, imagesBucket]) await removeBucket(s3, Bucket);
      for (const QueueUrl of [events, putQueue, deleteQueue]) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      await dynamodb.send(new DeleteTableCommand({ TableName: table }));
    },
  };
}

async function queueUrl(sqs: SQSClient, QueueName: string, Attributes?: Record<string, string>): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
}

/** A queue that gets the events of a bucket. */
async function createEventQueue({ s3, sqs }: Pick<AwsClients, "s3" | "sqs">, Bucket: string): Promise<string> {
  const Statement = {
    Effect: "Allow",
    Action: "sqs:SendMessage",
    Resource: "*",
    Principal: { Service: "s3.amazonaws.com" },
    Condition: { ArnLike: { "aws:SourceArn": `arn:aws:s3:::${Bucket}` } },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  const url = await queueUrl(sqs, `${Bucket}-events`, { Policy });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
  const QueueConfigurations = [{ QueueArn: Attributes?.QueueArn, Events: ["s3:ObjectCreated:*" as const] }];
  const NotificationConfiguration = { QueueConfigurations };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  return url;
}

/** Waits up to a second for messages, and finishes them. */
async function receiveAll(sqs: SQSClient, QueueUrl: string): Promise<unknown[]> {
  const poll = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 });
  const { Messages = [] } = await sqs.send(poll);
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body }) => JSON.parse(Body ?? "null") as unknown);
}

async function createTable(dynamodb: DynamoDBClient, TableName: string): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "original", AttributeType: "S" },
        { AttributeName: "imageType", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "original", KeyType: "HASH" },
        { AttributeName: "imageType", KeyType: "RANGE" },
      ],
    }),
  );
  for (let status: string | undefined; status !== "ACTIVE";) {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    status = Table?.TableStatus;
  }
}

async function removeBucket(s3: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const all = [...Versions, ...DeleteMarkers];
    if (all.length === 0) break;
    for (const { Key, VersionId } of all) await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
}
