import type { ImageUrls } from "../ports";
import type { FoundRendition, ImageStatus, RenditionStatus } from "../protocol/rawImageGetProcess";

/** The answer about an image: each rendition with its URL in place of its key. Those that share an object have one URL. */
export async function withUrls<Image extends { renditions: FoundRendition[] }>(
  image: Image,
  urls: ImageUrls,
): Promise<Omit<Image, "renditions"> & Pick<ImageStatus, "renditions">> {
  const made: Record<string, Promise<string>> = {};
  const renditions = image.renditions.map(async ({ imageType, imageId, ...rendition }): Promise<RenditionStatus> => {
    return { imageType, url: await (made[imageId] ??= urls.url(imageId)), ...rendition };
  });
  return { ...image, renditions: await Promise.all(renditions) };
}
