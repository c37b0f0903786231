import { decoderLimits, type UploadLimits } from "../handlers/imageTypes";

/** Beside originals and decoder: Node, the AWS clients, and renditions on their way. */
const FUNCTION_MIB = 128;
/** Of sizes, MiB: easier to read than any number. */
const STEP = 64;

/** The memory of a function that makes renditions, in MiB: its decoder's limit, the originals at hand, and its own. */
export function renditionMemoryMiB({ maxBytes }: Pick<UploadLimits, "maxBytes">, imagesAtOnce: number): number {
  const needed = decoderLimits.memoryMiB + FUNCTION_MIB + (imagesAtOnce * maxBytes) / 1_048_576;
  return Math.ceil(needed / STEP) * STEP;
}
