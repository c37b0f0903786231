import open from "open";

import { serviceOf } from "./service";
import type { ServiceFlags } from "../support/chosenService";

interface OpenFlags extends ServiceFlags {
  /** An image type. Default: that of the largest rendition. */
  type?: string;
  /** Only print the URL. */
  print: boolean;
}

/** `snail open NAME`. Ends with 1 where there is no such rendition. */
export async function run({ type, print, ...flags }: OpenFlags, name: string): Promise<void> {
  const { status, reason, renditions } = await serviceOf(flags).images.get(name);
  const largest = [...renditions].sort((a, b) => b.width * b.height - a.width * a.height)[0];
  const chosen = type === undefined ? largest : renditions.find(({ imageType }) => imageType === type);
  if (!chosen && renditions.length > 0) {
    throw new Error(
      `${name} has no rendition ${type ?? ""}: it has ${[...new Set(renditions.map((r) => r.imageType))].join(", ")}`,
    );
  }
  if (!chosen)
    throw new Error(`${name} is ${status} and has no renditions${reason === undefined ? "" : `: ${reason}`}`);
  if (print) console.log(chosen.url);
  else await open(chosen.url);
}
