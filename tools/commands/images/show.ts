import { refusalOf, serviceOf, type ServiceFlags } from "./service";
import { imageText } from "./text";

/** `snail show NAME`. Ends with 1 where there is no such image. */
export async function run({ json, ...flags }: ServiceFlags & { json: boolean }, name: string): Promise<void> {
  const answer = await serviceOf(flags).api.get(name);
  if (answer.status !== 200) throw refusalOf(answer);
  console.log(json ? JSON.stringify(answer.image, undefined, 2) : imageText(answer.image));
}
