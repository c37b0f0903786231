import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { Readable } from "node:stream";

import { createImageMetadata, rawRecord } from "../../handlers/aws/imageMetadata";
import { createTempImages } from "../../handlers/aws/tempImages";
import { liveOf, originalKey } from "../../handlers/protocol/generation";
import { rawImageGetProcess, type FoundImage } from "../../handlers/protocol/rawImageGetProcess";
import type { LocalRun } from "../embedded-aws";
import type { ShownImage } from "./shapes";

export interface Picture {
  body: Readable;
  bytes: number;
  contentType: string;
}

/** Reads images as the account's owner: from the table, and from the buckets. */
export interface Images {
  all(): Promise<ShownImage[]>;
  read(name: string): Promise<ShownImage | undefined>;
  /** A rendition of the generation that is served, or its original as `raw`. Undefined where there is none. */
  picture(wanted: {
    name: string;
    generation: string;
    imageType: string;
    format: string;
  }): Promise<Picture | undefined>;
  close(): void;
}

export function createImages({ place, cloud, outputs }: Pick<LocalRun, "place" | "cloud" | "outputs">): Images {
  const { accessKeyId, secretAccessKey } = cloud.iam.owner;
  const client = { endpoint: place.awsUrl, region: place.region, credentials: { accessKeyId, secretAccessKey } };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  const table = String(outputs.imageMetadataTable);
  const metadata = createImageMetadata(dynamo, table);
  const temp = createTempImages(s3, String(outputs.tempImagesBucket));
  const find = rawImageGetProcess({ temp, metadata });

  return {
    async all() {
      const images: ShownImage[] = [];
      const raw = {
        TableName: table,
        FilterExpression: "imageType = :raw",
        ExpressionAttributeValues: { ":raw": "raw" },
      };
      for await (const { Items = [] } of paginateScan({ client: dynamo }, raw)) {
        for (const item of Items) {
          const record = rawRecord(item);
          const found = await rawImageGetProcess({
            temp: { versions: async () => [] },
            metadata: { ...metadata, readRaw: async () => record },
          })(record.original);
          if (found) images.push(shown(found));
        }
      }
      return images;
    },
    async read(name) {
      const found = await find(name);
      return found && shown(found);
    },
    async picture({ name, generation, imageType, format }) {
      const live = liveOf(await metadata.readRaw(name));
      if (live?.format === undefined || live.generation !== generation) return undefined;
      const found = await find(name);
      const Key =
        imageType === "raw"
          ? originalKey(name, generation, live.format)
          : found?.renditions.find((made) => made.imageType === imageType && made.format === format)?.imageId;
      if (Key === undefined) return undefined;
      const {
        Body,
        ContentLength = 0,
        ContentType = "",
      } = await s3.send(new GetObjectCommand({ Bucket: String(outputs.imagesBucket), Key }));
      return { body: Body as Readable, bytes: ContentLength, contentType: ContentType };
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
    renditions: renditions.map(({ imageType, format, bytes, width, height }) => ({
      imageType,
      format,
      bytes,
      width,
      height,
    })),
  };
}
