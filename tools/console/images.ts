import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Readable } from "node:stream";

import { createImageMetadata } from "../../handlers/aws/imageMetadata";
import { createNameIndex } from "../../handlers/aws/nameIndex";
import { createTempImages } from "../../handlers/aws/tempImages";
import { liveOf, originalKey } from "../../handlers/protocol/generation";
import { foundRenditions, rawImageGetProcess, type FoundImage } from "../../handlers/protocol/rawImageGetProcess";
import { rawImageListProcess } from "../../handlers/protocol/rawImageListProcess";
import { toldRendition } from "../../handlers/protocol/toldDetails";
import type { ListedStatus, RawRecord } from "../../handlers/records";
import type { LocalRun } from "../embedded-aws";
import type { StoredMoments } from "./history";
import type { ShownImage } from "./shapes";

export interface Picture {
  body: Readable;
  bytes: number;
  contentType: string;
}

/** The most images of one status that a page begins with. */
const MOST = 1_000;
const statuses: ListedStatus[] = ["READY", "PROCESSING", "FAILED", "REJECTED", "DELETING"];
/** Pixels of a thumbnail's longer side, at least, where a rendition has so many. */
const THUMBNAIL = 300;

/** Reads images as the account's owner: from the table and its index, and from the buckets. */
export interface Images {
  /** The newest of each status, as `GET /raw` lists them: without renditions. */
  newest(): Promise<ShownImage[]>;
  read(name: string): Promise<ShownImage | undefined>;
  /** When its newest uploads, and its renditions, were stored. */
  moments(name: string): Promise<StoredMoments>;
  /** A rendition of the generation that is served, or its original as `raw`. Undefined where there is none. */
  picture(wanted: {
    name: string;
    generation: string;
    imageType: string;
    format: string;
  }): Promise<Picture | undefined>;
  /** The smallest rendition of the generation that is served that fills a tile. Undefined where there is none. */
  thumbnail(name: string, generation: string): Promise<Picture | undefined>;
  close(): void;
}

export function createImages({
  place,
  cloud,
  outputs,
  resources,
}: Pick<LocalRun, "place" | "cloud" | "outputs" | "resources">): Images {
  const { accessKeyId, secretAccessKey } = cloud.iam.owner;
  const client = { endpoint: place.awsUrl, region: place.region, credentials: { accessKeyId, secretAccessKey } };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  const table = String(outputs.imageMetadataTable);
  const images = String(outputs.imagesBucket);
  const nameOf = (bucket: unknown): string =>
    resources.find(({ type, id }) => type.startsWith("aws:s3/bucket") && id === bucket)?.name ?? String(bucket);
  const metadata = createImageMetadata(dynamo, table);
  const temp = createTempImages(s3, String(outputs.tempImagesBucket));
  const find = rawImageGetProcess({ temp, metadata });
  const list = rawImageListProcess({ index: createNameIndex(dynamo, { table, index: "byStatusShard" }) });

  async function newestOf(status: ListedStatus): Promise<ShownImage[]> {
    const listed: ShownImage[] = [];
    let before: string | undefined;
    do {
      const page = await list({ status, prefix: "" }, before, 100);
      listed.push(...page.images.map((image) => shown({ ...image, renditions: [] })));
      before = page.next;
    } while (before !== undefined && listed.length < MOST);
    return listed;
  }
  /** The record of a name whose served generation is this one. */
  async function serving(name: string, generation: string): Promise<RawRecord | undefined> {
    const record = await metadata.readRaw(name);
    return liveOf(record)?.generation === generation ? record : undefined;
  }
  async function open(Key: string): Promise<Picture> {
    const object = await s3.send(new GetObjectCommand({ Bucket: images, Key }));
    const { Body, ContentLength = 0, ContentType = "" } = object;
    return { body: Body as Readable, bytes: ContentLength, contentType: ContentType };
  }

  return {
    newest: async () => (await Promise.all(statuses.map(newestOf))).flat(),
    async read(name) {
      const found = await find(name);
      return found && shown(found);
    },
    async moments(name) {
      const record = await metadata.readRaw(name);
      const { generation = "newest", uploadedAt, rejectedAt } = record ?? {};
      return {
        uploads: new Map(
          Object.entries({ [generation]: uploadedAt, rejected: rejectedAt }).flatMap(([upload, time]) =>
            time === undefined ? [] : [[upload, time] as const],
          ),
        ),
        uploadBucket: nameOf(outputs.tempImagesBucket),
        renditions: (record ? foundRenditions(record) : []).flatMap(({ imageType, format, width, height, imageId }) => {
          const stored = cloud.s3.modified(images, imageId);
          const shared = imageId.startsWith(`${imageType}/`) ? "" : `, in the object of ${imageId.split("/")[0] ?? ""}`;
          const text = `${imageType} stored (${format}, ${width} × ${height}${shared})`;
          return stored === undefined
            ? []
            : [{ time: new Date(stored).toISOString(), from: nameOf(images), level: "INFO", text, name }];
        }),
      };
    },
    async picture({ name, generation, imageType, format }) {
      const record = await serving(name, generation);
      const original = liveOf(record)?.format;
      if (!record || original === undefined) return undefined;
      const Key =
        imageType === "raw"
          ? originalKey(name, generation, original)
          : foundRenditions(record).find((made) => made.imageType === imageType && made.format === format)?.imageId;
      return Key === undefined ? undefined : open(Key);
    },
    async thumbnail(name, generation) {
      const record = await serving(name, generation);
      const bySize = (record ? foundRenditions(record) : []).sort((a, b) => a.width * a.height - b.width * b.height);
      const best = bySize.find(({ width, height }) => Math.max(width, height) >= THUMBNAIL) ?? bySize.at(-1);
      return best && open(best.imageId);
    },
    close() {
      s3.destroy();
      dynamo.destroy();
    },
  };
}

function shown({ object, renditions, ...image }: FoundImage): ShownImage {
  return {
    ...image,
    name: object,
    renditions: renditions.map(toldRendition),
  };
}
