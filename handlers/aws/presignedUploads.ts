import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { PresignedUploads, UserMetadata } from "../ports";

/** The client's own type is not kept: the format is read from the content. */
const CONTENT_TYPE = "application/octet-stream";

/**
 * Uploads into `snail-temp-images-<stack>` that are signed now and sent by a client. They carry the rights of the role
 * that signs them (`s3:PutObject`), and end at the latest with that role's session.
 */
export function createPresignedUploads(s3: S3Client, bucket: string): PresignedUploads {
  return {
    // The policy in the form fixes every field: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
    post(key, { maxBytes, expiresInSeconds, userMetadata }) {
      return createPresignedPost(s3, {
        Bucket: bucket,
        Key: key,
        Fields: { "Content-Type": CONTENT_TYPE, ...metadataHeaders(userMetadata) },
        Conditions: [["content-length-range", 1, maxBytes]],
        Expires: expiresInSeconds,
      });
    },

    async put(key, { bytes, expiresInSeconds, userMetadata }) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentType: CONTENT_TYPE,
        ContentLength: bytes,
        Metadata: userMetadata,
      });
      const headers = { "content-type": CONTENT_TYPE, ...metadataHeaders(userMetadata) };
      const url = await getSignedUrl(s3, command, {
        expiresIn: expiresInSeconds,
        // Unless they are signed, S3 takes any type and any length.
        signableHeaders: new Set(["content-type", "content-length"]),
        // Signed as headers: the SDK would move them into the URL.
        unhoistableHeaders: new Set(Object.keys(headers)),
      });
      // A client tells the length of its body by itself; a browser lets no page set that header.
      return { url, headers };
    },
  };
}

const metadataHeaders = (userMetadata: UserMetadata): Record<string, string> =>
  Object.fromEntries(Object.entries(userMetadata).map(([name, value]) => [`x-amz-meta-${name}`, value]));
