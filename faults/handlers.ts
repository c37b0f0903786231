import { perMessage } from "../handlers/perMessage";
import { rawImageDeleteProcess } from "../handlers/rawImageDeleteProcess";
import { rawImageGetProcess } from "../handlers/rawImageGetProcess";
import { rawImagePutProcess } from "../handlers/rawImagePutProcess";
import { resolutionBasedImageDeleteProcess } from "../handlers/resolutionBasedImageDeleteProcess";
import { resolutionBasedImagePutProcess } from "../handlers/resolutionBasedImagePutProcess";

/** The exported functions that are deployed; a mutant is another set of them. */
export const handlers = {
  perMessage,
  rawImagePutProcess,
  resolutionBasedImagePutProcess,
  rawImageDeleteProcess,
  resolutionBasedImageDeleteProcess,
  rawImageGetProcess,
};
export type Handlers = typeof handlers;
