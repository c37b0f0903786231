import sharp, { type Sharp, type SharpOptions } from "sharp";
import { formats } from "./formats";

/**
 * Confines sharp to what this service needs; call it once, before the first image. Uploads are hostile until proven
 * otherwise: without this a 200-byte SVG costs seconds of CPU.
 *
 * All loaders are blocked and those of the accepted formats allowed again: from memory, and what shrink.ts opens by a path.
 * The environment must set VIPS_BLOCK_UNTRUSTED=1 too, which guards the loaders that libvips may gain. Nothing is cached
 * (no two images are the same), and libvips uses one thread: functions are billed for CPU, and overlap input and output
 * instead.
 */
export function hardenSharp(): void {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: Object.values(formats).flatMap(({ loaders }) => loaders) });
}

/** Opens every image for sharp. */
export function openImage(input: Uint8Array | string, options: SharpOptions = {}): Sharp {
  return sharp(input, {
    // More than this is never decoded, whatever was accepted: it bounds the memory of a job.
    limitInputPixels: 100_000_000,
    failOn: "error",
    ...options,
  });
}

/**
 * Returns the reason in an error of sharp, for the file's uploader. Rethrows what is not the file's fault: that this machine
 * has no memory, space or file handles left, and mistakes of this program. A decoder that speaks of memory means a limit of
 * its own, or a size that the file made up.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof TypeError || error instanceof ReferenceError) throw error;
  const message = error instanceof Error ? error.message : String(error);
  if (/out of memory -- size|no space left|too many open files/i.test(message)) throw error;
  const cannot = (why: string, advice: string) => `The image cannot be decoded: ${why}. ${advice}.`;
  const [again, intact] = ["Save it again as a plain JPEG or PNG", "Upload an intact file"];
  if (/pixel limit/i.test(message)) return cannot("it has too many pixels", "Send it scaled down");
  if (UNSUPPORTED.test(message)) return cannot("it is of a kind that is not supported", again);
  if (/limit|memory|too (large|big|wide|high)|out of range/i.test(message)) {
    return cannot("its header promises more than the file holds", intact);
  }
  if (/premature|truncated|bad seek|read error|unable to read/i.test(message)) {
    return cannot("it breaks off, or a part of its pixels is damaged", intact);
  }
  return cannot("its data is damaged", intact);
}

const UNSUPPORTED =
  /unsupported|not supported|not legal|not implemented|not configured|no known route|samples out of range|samples_per_pixel|labq|can not handle|not \d bands|component count/i;
