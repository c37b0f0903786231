import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { ImageUrls } from "../ports";
import { percentEncoded } from "./percentEncoded";

/** How long a presigned URL works. */
const URL_SECONDS = 60 * 60;

/**
 * Presigned GETs of `snail-images-<stack>`. A URL carries the rights of the role that signs it (`s3:GetObject`), and
 * ends at the latest with that role's session.
 */
export function createImageUrls(s3: S3Client, bucket: string): ImageUrls {
  return {
    url(imageId) {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: imageId,
        ResponseContentDisposition: disposition(imageId),
      });
      return getSignedUrl(s3, command, { expiresIn: URL_SECONDS });
    },
  };
}

/**
 * An original has the client's bytes, which may hold more than an image (a script after the picture): browsers must
 * download it, under its own name, and never show it. A rendition is made here and may be shown.
 */
function disposition(imageId: string): string {
  const [imageType, name = ""] = imageId.split("/");
  if (imageType !== "raw") return "inline";
  return `attachment; filename*=UTF-8''${percentEncoded(name)}`;
}
