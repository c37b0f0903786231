import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
  type ListObjectVersionsCommandOutput,
} from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";

import { rawRecord } from "../../../handlers/aws/imageMetadata";
import { sha256 } from "../../../handlers/protocol/generation";
import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import type { RawRecord } from "../../../handlers/records";
import { type DeadLetter, type QueuePair, withDeadLetters } from "../redrive/deadLetters";
import { queuePairs } from "../redrive/queues";
import type { Endpoints } from "../support/localService";
import type { Answer, AtRest, StoredObject } from "../../fault-search";
import type { Palette } from "./pictures";

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

  /** Everything that is stored. `ask` is a `GET` of a name at the API. */
  async stored(palette: Palette, ask: (name: string) => Promise<Response>): Promise<AtRest> {
    const records = await this.records();
    const deadLetters = await this.deadLetters();
    const images = await this.versions("snail-images");
    return {
      records,
      uploads: await this.versions("snail-temp-images"),
      objects: await Promise.all(images.map(({ key }) => this.shown(key, palette))),
      cached: [], // the service runs with presigned URLs
      messages: await this.messages(),
      deadLetters: deadLetters.map(({ queue, body, cause, poison }) => ({ queue: queue.name, body, cause, poison })),
      poison: [],
      answers: await Promise.all(records.map(async ({ original }) => this.answer(original, await ask(original)))),
    };
  }

  private async shown(key: string, palette: Palette): Promise<StoredObject> {
    const body = await this.object(key);
    const bytes = body.byteLength;
    return key.startsWith("raw/") ? { key, bytes, shows: sha256(body) } : { key, bytes, ...(await palette.look(body)) };
  }

  /** A `GET` answers 410 about a deleted name. */
  private async answer(object: string, response: Response): Promise<Answer> {
    if (response.status === 410) return { object, status: "DELETED", renditions: [] };
    if (response.status !== 200) throw new Error(`GET ${object} was answered ${response.status}`);
    const { status, reason, placeholder, dominantColour, pending, renditions } = (await response.json()) as ImageStatus;
    const prefix = `/${this.bucket("snail-images")}/`;
    const keyOf = (url: string) => decodeURIComponent(new URL(url).pathname).slice(prefix.length);
    return {
      object,
      status,
      reason,
      placeholder,
      dominantColour,
      pending,
      renditions: renditions.map(({ imageType, url }) => ({ imageType, key: keyOf(url) })),
    };
  }

  /** The sweep keeps its position in the table as well, under another sort key. */
  async records(): Promise<RawRecord[]> {
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
    return items.filter(({ imageType }) => imageType === "raw").map(rawRecord);
  }

  /** Messages in the source queues, whether visible, in flight or delayed. */
  async messages(): Promise<AtRest["messages"]> {
    const counts: AtRest["messages"] = [];
    for (const { name, url } of this.queues) {
      const { Attributes = {} } = await this.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
      );
      const { ApproximateNumberOfMessages: a, ApproximateNumberOfMessagesNotVisible: b } = Attributes;
      counts.push({
        queue: name,
        count: Number(a) + Number(b) + Number(Attributes.ApproximateNumberOfMessagesDelayed),
      });
    }
    return counts;
  }

  /** Only looks: the messages stay where they are. */
  deadLetters(): Promise<DeadLetter[]> {
    return withDeadLetters(this.sqs, this.queues, (letters) => letters);
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

  private async versions(logicalName: string): Promise<AtRest["uploads"]> {
    const versions: AtRest["uploads"] = [];
    let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (marker) {
      const page: ListObjectVersionsCommandOutput = await this.s3.send(
        new ListObjectVersionsCommand({ Bucket: this.bucket(logicalName), ...marker }),
      );
      for (const { Key = "", VersionId = "" } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
        versions.push({ key: Key, versionId: VersionId });
      }
      marker = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    return versions;
  }
}
