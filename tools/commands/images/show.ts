import { serviceOf } from "./service";
import type { ServiceFlags } from "../support/chosenService";
import { imageText } from "./text";

/** `snail show NAME`. Ends with 1 where there is no such image. */
export async function run({ json, ...flags }: ServiceFlags & { json: boolean }, name: string): Promise<void> {
  const image = await serviceOf(flags).images.get(name);
  console.log(json ? JSON.stringify(image, undefined, 2) : imageText(image));
}
