import * as pulumi from "@pulumi/pulumi";

import type { Grants } from "./grants";
import type { ImageStore } from "./imageStore";

/** The variables and grants with which a function makes URLs of renditions. */
export function renditionUrls({ images, delivery }: Pick<ImageStore, "images" | "delivery">): {
  environment: Record<string, pulumi.Input<string>>;
  grants: Grants;
} {
  if (delivery) return { environment: { DELIVERY_URL: delivery.url }, grants: {} };
  return {
    environment: { IMAGES_BUCKET: images.bucket },
    grants: {
      // The function reads no image itself: a presigned URL carries the rights of the role that signed it.
      // Renditions of every image type, also of those that are not configured any more; no original.
      SnailImagesBucketGetPolicy: [
        { actions: ["s3:GetObject"], on: pulumi.interpolate`${images.arn}/*` },
        { effect: "Deny", actions: ["s3:GetObject"], on: pulumi.interpolate`${images.arn}/raw/*` },
      ],
    },
  };
}
