import { perMessage } from "../../../handlers/entries/perMessage";
import { watchedDecoder } from "../../../handlers/image/watch";
import { imageEventProcess } from "../../../handlers/protocol/imageEventProcess";
import { rawImageDeleteProcess } from "../../../handlers/protocol/rawImageDeleteProcess";
import { rawImageGetProcess } from "../../../handlers/protocol/rawImageGetProcess";
import { rawImagePutProcess } from "../../../handlers/protocol/rawImagePutProcess";
import { resolutionBasedImageDeleteProcess } from "../../../handlers/protocol/resolutionBasedImageDeleteProcess";
import { resolutionBasedImagePutProcess } from "../../../handlers/protocol/resolutionBasedImagePutProcess";
import { sweepProcess } from "../../../handlers/protocol/sweepProcess";

/** The exported functions that are deployed; a mutant is another set of them. */
export const handlers = {
  perMessage,
  watchedDecoder,
  rawImagePutProcess,
  resolutionBasedImagePutProcess,
  rawImageDeleteProcess,
  resolutionBasedImageDeleteProcess,
  rawImageGetProcess,
  sweepProcess,
  imageEventProcess,
};
export type Handlers = typeof handlers;
