import type { ListOptions } from "../../../client";
import { serviceOf } from "./service";
import type { ServiceFlags } from "../support/chosenService";
import { listText } from "./text";

type Flags = ServiceFlags & Pick<ListOptions, "status" | "prefix" | "renditions"> & { limit?: number; json: boolean };

/** Images in one request, as many as the API allows. */
const PAGE = 100;

/** `snail list`. Prints page after page as they come. */
export async function run({ json, status, prefix, renditions, limit = Infinity, ...flags }: Flags): Promise<void> {
  const all = serviceOf(flags).images.list({ status, prefix, renditions, limit: Math.min(limit, PAGE) });
  const write = (images: ListedImages) => {
    if (images.length > 0)
      console.log(json ? images.map((image) => JSON.stringify(image)).join("\n") : listText(images));
  };
  const waiting: ListedImages = [];
  let count = 0;
  for await (const image of all) {
    waiting.push(image);
    count += 1;
    if (count === limit) break;
    if (waiting.length === PAGE) write(waiting.splice(0));
  }
  write(waiting);
  if (count === 0 && !json)
    console.log(`no ${status ?? "READY"} images${prefix === undefined ? "" : ` that begin with ${prefix}`}`);
}
type ListedImages = Parameters<typeof listText>[0];
