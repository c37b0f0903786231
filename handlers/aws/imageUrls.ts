import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { ImageUrls } from "../ports";

/**
 * Presigned GETs of `snail-images-<stack>`. A URL carries the rights of the role that signs it (`s3:GetObject`), and
 * ends at the latest with that role's session.
 */
export function createImageUrls(s3: S3Client, bucket: string): ImageUrls {
  return {
    url(imageId, expiresInSeconds) {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: imageId,
        ResponseContentDisposition: disposition(imageId),
      });
      return getSignedUrl(s3, command, { expiresIn: expiresInSeconds });
    },
  };
}

/**
 * An original is a client's bytes, which may hold more than an image (a script behind the picture): it is only ever
 * downloaded, under its own name. A rendition is made by us and may be shown.
 */
function disposition(imageId: string): string {
  const [imageType, original = ""] = imageId.split("/");
  if (imageType !== "raw") return "inline";
  const name = encodeURIComponent(original).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${name}`;
}
