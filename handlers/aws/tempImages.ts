import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { StoredVersion, TempImages, Upload } from "../ports";
import { batches } from "./batches";
import { errorName } from "./errorNames";
import { wholeBody } from "./wholeBody";
import { decodeListedKey } from "./listedKeys";
import { xmlText } from "./xmlText";

/** So much of an upload is read at first: the headers of nearly all photos, previews included, and all of a small image. */
export const START_BYTES = 131_072;
const START = `bytes=0-${START_BYTES - 1}`;

/** The bucket `snail-temp-images-<stack>`. Needs `s3:GetObjectVersion`, `s3:ListBucketVersions`, `s3:DeleteObjectVersion`. */
export function createTempImages(s3: Pick<S3Client, "send">, bucket: string): TempImages {
  const deleteOneByOne = async (key: string, versionIds: string[]): Promise<void> => {
    for (const batch of batches(versionIds, 50)) {
      await Promise.all(
        batch.map((VersionId) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId }))),
      );
    }
  };
  const deleteTogether = async (key: string, versionIds: string[]): Promise<void> => {
    for (const batch of batches(versionIds, 1_000)) {
      const Objects = batch.map((VersionId) => ({ Key: key, VersionId }));
      const { Errors = [] } = await s3.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      );
      const [first] = Errors; // what could not be deleted stands in an answer of 200
      if (first) {
        const text = `S3 did not delete ${Errors.length} of ${batch.length} versions of ${key}: ${first.Code}: ${first.Message}`;
        throw Object.assign(new Error(text), { name: "UploadsNotDeleted" });
      }
    }
  };
  /** A stretch of a version, or all of it; undefined where the version is gone. */
  const part = async (key: string, versionId: string, Range?: string): Promise<Part | undefined> => {
    try {
      const {
        Body,
        ContentLength,
        ContentRange,
        LastModified,
        ETag,
        Metadata = {},
      } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, Range }));
      if (
        !(Body instanceof Readable) ||
        ContentLength === undefined ||
        LastModified === undefined ||
        ETag === undefined
      ) {
        throw new Error(`S3 answered without a body, its length, time or tag for ${key}, version ${versionId}`);
      }
      const body = await wholeBody(Body, ContentLength, key);
      const bytes = Number(ContentRange?.split("/")[1] ?? ContentLength);
      return { body, bytes, etag: ETag, storedAt: LastModified.toISOString(), userMetadata: Metadata };
    } catch (error) {
      if (["NoSuchKey", "NoSuchVersion"].includes(errorName(error))) return undefined;
      // An empty version has no stretch of bytes.
      if (errorName(error) === "InvalidRange" && Range === START) return part(key, versionId);
      throw error;
    }
  };
  return {
    async read(key, versionId) {
      const first = await part(key, versionId, START);
      if (!first) return undefined;
      const { body, ...told } = first;
      return {
        ...told,
        source: sourceOf(bucket, key, versionId),
        start: body,
        read: async (from, to) => (await part(key, versionId, `bytes=${from}-${to - 1}`))?.body,
      };
    },

    async versions(key, most = Infinity) {
      const found: StoredVersion[] = [];
      let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
      while (marker !== undefined) {
        const page: ListedVersions = await s3.send(
          // Encoded, because XML cannot hold every key.
          new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, EncodingType: "url", ...marker }),
        );
        const isThisKey = (encoded = "") => decodeListedKey(encoded) === key;
        const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
        for (const { Key, VersionId, LastModified } of all) {
          if (!isThisKey(Key) || VersionId === undefined || LastModified === undefined) continue;
          found.push({ versionId: VersionId, storedAt: LastModified.toISOString() });
        }
        // Keys come in order and the prefix itself comes first: after it no version of this key can follow.
        marker =
          page.IsTruncated && isThisKey(page.NextKeyMarker) && found.length < most
            ? { KeyMarker: key, VersionIdMarker: page.NextVersionIdMarker }
            : undefined;
      }
      return found.slice(0, most);
    },

    async delete(key, ...versionIds) {
      // One request for many has their keys in XML, which cannot hold each key.
      if (versionIds.length > 1 && xmlText(key) === key) await deleteTogether(key, versionIds);
      else await deleteOneByOne(key, versionIds);
    },
  };
}

interface Part extends Pick<Upload, "bytes" | "etag" | "storedAt" | "userMetadata"> {
  body: Uint8Array;
}

/** A version as `x-amz-copy-source` names it: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
function sourceOf(bucket: string, key: string, versionId: string): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  return `${bucket}/${path}?versionId=${encodeURIComponent(versionId)}`;
}

interface ListedVersion {
  Key?: string;
  VersionId?: string;
  LastModified?: Date;
}
interface ListedVersions {
  Versions?: ListedVersion[];
  DeleteMarkers?: ListedVersion[];
  IsTruncated?: boolean;
  NextKeyMarker?: string;
  NextVersionIdMarker?: string;
}
