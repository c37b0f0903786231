import { liveOf } from "./generation";
import { listPosition } from "./listing";
import { foundRenditions, type FoundRendition } from "./rawImageGetProcess";
import type { ListedImage, ListPage } from "./rawImageListProcess";
import type { RawRecords } from "../ports";

/** A page of images, those that are served with their renditions. */
export interface DetailedPage extends Pick<ListPage, "next"> {
  images: (ListedImage & { renditions?: FoundRendition[] })[];
}

/**
 * A page tells no more renditions than these, unless they are of one image: Lambda answers up to 6 MB, and a presigned URL
 * of a long name has 2.5 KB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
const MOST_RENDITIONS = 2_000;

/**
 * Adds the renditions to the images of a page, as the records tell them, which the index does not have. An image whose
 * record went on since the index was written, to another generation or to none, stays as the index tells it.
 */
export function listedRenditions(records: RawRecords) {
  return async ({ images: listed, next }: ListPage): Promise<DetailedPage> => {
    const served = listed.filter(({ status }) => status === "READY");
    const found = await records.read(served.map(({ object }) => object));
    const byName = new Map(found.map((record) => [record.original, record]));
    const detailed: DetailedPage["images"] = [];
    let told = 0;
    for (const image of listed) {
      const record = byName.get(image.object);
      const isServed = record !== undefined && liveOf(record)?.generation === image.generation;
      const renditions = isServed ? foundRenditions(record) : [];
      told += renditions.length;
      const last = detailed.at(-1);
      if (told > MOST_RENDITIONS && last) return { images: detailed, next: listPosition(last).listPosition };
      detailed.push(isServed ? { ...image, renditions } : image);
    }
    return { images: detailed, ...(next !== undefined && { next }) };
  };
}
