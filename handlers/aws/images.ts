import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { contentTypeOf, type ImageFormat } from "../imageTypes";
import type { Images } from "../ports";
import { errorName } from "./errorNames";
import { wholeBody } from "./wholeBody";
import { decodeListedKey } from "./listedKeys";

/**
 * The bucket `snail-images-<stack>`. Needs `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` as far as its verbs are
 * used, and `s3:ListBucket`, without which a missing object is an AccessDenied. `copy` needs `s3:GetObjectVersion` of
 * the upload, and `s3:ListBucket` of its bucket.
 */
export function createImages(s3: Pick<S3Client, "send">, bucket: string): Images {
  return {
    async read(imageId) {
      try {
        const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: imageId }));
        if (!(Body instanceof Readable) || ContentLength === undefined) {
          throw new Error(`S3 answered without a body or its length for ${imageId}`);
        }
        return await wholeBody(Body, ContentLength, imageId);
      } catch (error) {
        if (errorName(error) === "NoSuchKey") return undefined;
        throw error;
      }
    },

    async create(imageId, body, format) {
      await once(() =>
        s3.send(new PutObjectCommand({ Bucket: bucket, Key: imageId, Body: body, ...headersOf(imageId, format) })),
      );
    },

    async copy(source, imageId, format) {
      try {
        await once(() =>
          s3.send(
            new CopyObjectCommand({
              Bucket: bucket,
              Key: imageId,
              CopySource: source,
              ...headersOf(imageId, format),
              // Nothing that came with the upload. Its tags would need rights to tags.
              MetadataDirective: "REPLACE",
              TaggingDirective: "REPLACE",
            }),
          ),
        );
        return true;
      } catch (error) {
        if (["NoSuchKey", "NoSuchVersion"].includes(errorName(error))) return false;
        throw error;
      }
    },

    async list(prefix) {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const page: { Contents?: { Key?: string }[]; NextContinuationToken?: string } = await s3.send(
          // Encoded, because XML cannot hold every key.
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, EncodingType: "url", ContinuationToken: token }),
        );
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [decodeListedKey(Key)])));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return keys;
    },

    async delete(imageId) {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: imageId }));
    },
  };
}

function headersOf(imageId: string, format: ImageFormat) {
  return {
    ContentType: contentTypeOf(format),
    // An original has its client's bytes, a script among them perhaps: browsers must never show it.
    ...(imageId.startsWith("raw/") && { ContentDisposition: "attachment" }),
    // The key names one generation: what is stored there never changes.
    CacheControl: "public, max-age=31536000, immutable",
    IfNoneMatch: "*",
  };
}

/** Stores what is not there yet. An object that is there is left as it is: no error. */
async function once(store: () => Promise<unknown>, attempt = 1): Promise<void> {
  try {
    await store();
  } catch (error) {
    if (errorName(error) === "PreconditionFailed") return;
    // Another request is writing the same key. S3 asks to try again (409), which the SDK does not do by itself.
    if (errorName(error) !== "ConditionalRequestConflict" || attempt === 4) throw error;
    await wait(50 * 2 ** attempt * (1 + Math.random()));
    await once(store, attempt + 1);
  }
}
