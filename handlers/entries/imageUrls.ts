import { createDeliveryUrls } from "../aws/deliveryUrls";
import { createImageUrls } from "../aws/imageUrls";
import type { ImageUrls } from "../ports";
import { text } from "./environment";

/** URLs at DELIVERY_URL, or presigned ones where the variable is absent. */
export const imageUrls = (s3: Parameters<typeof createImageUrls>[0]): ImageUrls =>
  process.env.DELIVERY_URL === undefined
    ? createImageUrls(s3, text("IMAGES_BUCKET"))
    : createDeliveryUrls(text("DELIVERY_URL"));
