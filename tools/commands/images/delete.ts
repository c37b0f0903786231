import { ImageServiceError } from "../../../client";
import { serviceOf } from "./service";
import type { ServiceFlags } from "../support/chosenService";

/** `snail delete NAME…`. Tells each name; ends with 1 where one could not be deleted. */
export async function run(flags: ServiceFlags, names: string[]): Promise<number> {
  const { images } = serviceOf(flags);
  let failed = 0;
  for (const name of names) {
    try {
      console.log(`${name}  ${(await images.delete(name)).status}`);
    } catch (error) {
      if (!(error instanceof ImageServiceError)) throw error;
      failed += 1;
      console.error(`${name}  not deleted: ${error.status === 404 ? "there is no such image" : error.message}`);
    }
  }
  return failed === 0 ? 0 : 1;
}
