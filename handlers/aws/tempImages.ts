import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { StoredVersion, TempImages } from "../ports";
import { batches } from "./batches";
import { errorName } from "./errorNames";
import { wholeBody } from "./wholeBody";
import { decodeListedKey } from "./listedKeys";
import { xmlText } from "./xmlText";

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
  return {
    async read(key, versionId, maxBytes) {
      try {
        const {
          Body,
          ContentLength,
          LastModified,
          Metadata = {},
        } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
        if (Body === undefined || ContentLength === undefined || LastModified === undefined) {
          throw new Error(`S3 answered without a body, its length or its time for ${key}, version ${versionId}`);
        }
        const about = { bytes: ContentLength, storedAt: LastModified.toISOString(), userMetadata: Metadata };
        if (ContentLength > maxBytes) {
          if ("destroy" in Body) Body.destroy(); // else the connection stays open for bytes that are not read
          return { ...about, body: undefined };
        }
        return { ...about, body: await wholeBody(Body, ContentLength, key) };
      } catch (error) {
        if (["NoSuchKey", "NoSuchVersion"].includes(errorName(error))) return undefined;
        throw error;
      }
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
