import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";

import { rawRecord } from "../../../handlers/aws/imageMetadata";
import type { RenditionRecord } from "../../../handlers/records";
import { type DeadLetter, letGo, type QueuePair, takeDeadLetters } from "../redrive/deadLetters";
import { queuePairs } from "../redrive/queues";
import type { Endpoints } from "../support/localService";
import type { Stored } from "./checks";

/** Looks at everything that a local service has stored, as the owner of its account. */
export class Warehouse {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  private readonly dynamodb: DynamoDBDocumentClient;

  constructor(private readonly endpoints: Endpoints) {
    const { aws, region, accessKeyId, secretAccessKey } = endpoints;
    const options = { endpoint: aws, region, credentials: { accessKeyId, secretAccessKey } };
    this.s3 = new S3Client({ ...options, forcePathStyle: true });
    this.sqs = new SQSClient(options);
    this.dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  }

  close(): void {
    this.s3.destroy();
    this.sqs.destroy();
    this.dynamodb.destroy();
  }

  get queues(): QueuePair[] {
    return queuePairs(this.endpoints.resources);
  }

  async stored(): Promise<Stored> {
    const { raw, renditions } = await this.records();
    const deadLetters = await this.deadLetters();
    return {
      temp: await this.keys("snail-temp-images"),
      images: await this.keys("snail-images"),
      raw,
      renditions,
      messages: await this.messages(),
      deadLetters: deadLetters.map(({ queue, cause, poison }) => ({ queue: queue.name, cause, poison })),
    };
  }

  async records(): Promise<Pick<Stored, "raw" | "renditions">> {
    const items: Record<string, unknown>[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.dynamodb.send(
        new ScanCommand({
          TableName: this.idOf("aws:dynamodb/table:Table"),
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start);
    return {
      raw: items.filter(({ imageType }) => imageType === "raw").map(rawRecord),
      renditions: items.filter(({ imageType }) => imageType !== "raw") as unknown as RenditionRecord[],
    };
  }

  /** Messages in the source queues, whether visible, in flight or delayed. */
  async messages(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { name, url } of this.queues) {
      const { Attributes = {} } = await this.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
      );
      const { ApproximateNumberOfMessages: a, ApproximateNumberOfMessagesNotVisible: b } = Attributes;
      counts[name] = Number(a) + Number(b) + Number(Attributes.ApproximateNumberOfMessagesDelayed);
    }
    return counts;
  }

  /** Only looks: the messages stay where they are. */
  async deadLetters(): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for (const queue of this.queues) letters.push(...(await takeDeadLetters(this.sqs, queue)));
    for (const letter of letters) await letGo(this.sqs, letter);
    return letters;
  }

  /** The bytes of an object of the image bucket. */
  async object(key: string): Promise<Uint8Array> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket("snail-images"), Key: key }));
    return Body ? await Body.transformToByteArray() : new Uint8Array();
  }

  /** The physical name of the bucket whose logical name begins so. */
  bucket(logicalName: string): string {
    return this.idOf("aws:s3/bucket:Bucket", logicalName);
  }

  private idOf(type: string, logicalName = ""): string {
    const found = Object.entries(this.endpoints.resources).find(
      ([name, resource]) => resource.type === type && name.startsWith(logicalName),
    );
    if (!found) throw new Error(`the local service declares no ${type} ${logicalName}`);
    return found[1].id;
  }

  private async keys(logicalName: string): Promise<string[]> {
    const keys: string[] = [];
    let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (marker) {
      const page: Listing = await this.s3.send(
        new ListObjectVersionsCommand({ Bucket: this.bucket(logicalName), ...marker }),
      );
      keys.push(...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = "" }) => Key));
      marker = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    return keys;
  }
}

interface Listing {
  Versions?: { Key?: string }[];
  DeleteMarkers?: { Key?: string }[];
  IsTruncated?: boolean;
  NextKeyMarker?: string;
  NextVersionIdMarker?: string;
}
