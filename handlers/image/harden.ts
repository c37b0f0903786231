import sharp from "sharp";
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
