import type { ImageUrls } from "../ports";
import { percentEncoded } from "./percentEncoded";

/** URLs at a CloudFront distribution: each works for as long as there is the rendition. @param base without a path */
export const createDeliveryUrls = (base: string): ImageUrls => ({
  url: (imageId) => Promise.resolve(base + deliveryPath(imageId)),
});

/**
 * The path of an object at the distribution. An invalidation names exactly what viewers were told, so that both are made
 * here: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
 */
export const deliveryPath = (imageId: string): string => `/${imageId.split("/").map(percentEncoded).join("/")}`;
