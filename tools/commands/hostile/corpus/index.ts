import { animations } from "./animations";
import { avifFiles } from "./avifFiles";
import type { HostileFile } from "./file";
import { jpegFiles } from "./jpegFiles";
import { otherFiles } from "./otherFiles";
import { pngFiles } from "./pngFiles";
import { tiffFiles } from "./tiffFiles";
import { webpFiles } from "./webpFiles";

export type { HostileFile } from "./file";
export { mutations } from "./mutations";

/**
 * Files that try to cost more than they should, or to pass for something that they are not: the same in each run.
 * @example
 * for (const { name, body } of hostileFiles()) await service.put(name, body);
 */
export const hostileFiles = (): HostileFile[] => [
  ...jpegFiles(),
  ...pngFiles(),
  ...webpFiles(),
  ...avifFiles(),
  ...tiffFiles(),
  ...otherFiles(),
  ...animations(),
];
