import { widestLimits, type ImageFormat, type UploadLimits } from "../imageTypes";
import type { Inspection } from "../imagePorts";
import { costOf, MOST_COST } from "./budget";
import { isComplete } from "./complete";
import { demandsOf, type Demands } from "./demands";
import { readHeader } from "./header";
import { MOST_PARTS, type Bytes } from "./parts";
import { bufferOf } from "./partialFile";
import { signatureOf } from "./signature";
import type { Size } from "./sizes";

/**
 * Decides from a file's content whether it is taken in as an image: by its first bytes, its structure and its header.
 * Pixels are not decoded, and no native code sees the file. The file's name plays no part. What is taken in can be
 * decoded within bounds of CPU time and memory (docs/images.md).
 *
 * Causes: `empty`, `too-large`, `not-an-image`, `unsupported-format`, `truncated`, `corrupt`, `too-many-pixels`,
 * `too-long`, `too-complex`.
 */
export async function inspectImage(body: Uint8Array, limits = widestLimits): Promise<Inspection> {
  return inspectFile(bufferOf(body), limits);
}

/** The same of a file that may be only partly at hand; its walks end where the pixels begin. */
export function inspectFile(file: Bytes, limits: UploadLimits): Inspection {
  const accepted = limits.acceptedFormats.map((format) => displayNames[format]).join(", ");
  if (file.length === 0) return rejection("empty", "The file is empty. Send the image's bytes as the request's body.");
  if (file.length > limits.maxBytes) {
    return rejection(
      "too-large",
      `The image has ${file.length} bytes; at most ${limits.maxBytes} are allowed. Send a smaller file.`,
    );
  }
  const signature = signatureOf(file.subarray(0, SIGNATURE_BYTES));
  if (!signature) return rejection("not-an-image", `The file is not an image. Send one of these: ${accepted}.`);
  if ("unsupported" in signature) {
    return rejection(
      "unsupported-format",
      `The file is ${signature.unsupported}. Convert it to one of these: ${accepted}.`,
    );
  }
  const { format } = signature;
  const name = displayNames[format];
  if (!limits.acceptedFormats.includes(format)) {
    return rejection(
      "unsupported-format",
      `${name} images are not accepted here. Convert it to one of these: ${accepted}.`,
    );
  }
  const truncated = rejection("truncated", `The ${name} file breaks off before its end. Send the whole file again.`);
  if (!isComplete(format, file)) return truncated;
  const corrupt = rejection("corrupt", `The ${name} file's header is damaged and cannot be read. Send an intact file.`);
  const header = readHeader(file, format);
  if (!header) return corrupt;
  const maxSide = Math.min(limits.maxSide, longestSides[format] ?? limits.maxSide);
  const refusal = refuseSides(header, { ...limits, maxSide });
  if (refusal) return refusal;
  try {
    const demands = demandsOf(file, format, header);
    return (
      refuseDemands(demands, header, limits, name) ?? (demands.isPartial ? truncated : { ok: true, format, ...header })
    );
  } catch {
    return corrupt; // its structure breaks off
  }
}

/** A signature, with a web page's or drawing's first words. */
const SIGNATURE_BYTES = 1_024;

/** The longest sides that libjpeg and libvips decode. */
const longestSides: Partial<Record<ImageFormat, number>> = { jpeg: 65_500, avif: 16_384 };

/** Decoders and scaling take time for each row, however short it is. */
function refuseSides({ width, height }: Size, { maxSide, maxProportion }: UploadLimits): Inspection | undefined {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  if (long > maxSide) {
    return rejection(
      "too-long",
      `The image has ${width} × ${height} pixels; at most ${maxSide} are allowed on a side. Send it scaled down or in parts.`,
    );
  }
  if (long > short * maxProportion) {
    return rejection(
      "too-long",
      `The image has ${width} × ${height} pixels; its long side may be at most ${maxProportion} times its short one. Send a part of it.`,
    );
  }
  return undefined;
}

/** A scan costs time for each pixel even where it brings nothing: 0.5 s in all. Encoders make about 14 passes. */
const MOST_PASSED_PIXELS = 4_000_000_000;
const MOST_PASSES = 1_000;
/** Reading a WebP's headers takes time that grows with the square of its frames: 0.05 s for so many. */
const MOST_FRAMES = 3_000;

function refuseDemands(
  demands: Demands,
  { width, height }: Size,
  limits: UploadLimits,
  name: string,
): Inspection | undefined {
  const { perPixel, perByte, bytes, parts, frames = 1, pixels: decoded = 0, passes = 1, unsupported } = demands;
  if (unsupported !== undefined) {
    return rejection("unsupported-format", `The file is ${unsupported}. Convert it to a plain ${name}.`);
  }
  const pixels = width * height;
  const affordable = Math.max(0, Math.floor((MOST_COST - perByte * bytes) / perPixel));
  const maxPixels = Math.min(limits.maxPixels, affordable);
  if (pixels > maxPixels) {
    const kind = affordable < limits.maxPixels ? ` in ${name} files of this kind and of ${bytes} bytes` : "";
    return rejection(
      "too-many-pixels",
      `The image has ${width} × ${height} pixels, ${pixels} in all; at most ${maxPixels} are allowed${kind}. Send it scaled down.`,
    );
  }
  const again = `Save it again as a plain ${name}.`;
  if (decoded > maxPixels) {
    return rejection(
      "too-complex",
      `The ${name} file is put together from ${decoded} pixels; at most ${maxPixels} are allowed. ${again}`,
    );
  }
  if (frames > MOST_FRAMES) {
    return rejection("too-complex", `The ${name} file has more than ${MOST_FRAMES} frames. Send a shorter animation.`);
  }
  if (parts > MOST_PARTS)
    return rejection("too-complex", `The ${name} file has more than ${MOST_PARTS} parts. ${again}`);
  if (passes > MOST_PASSES || passes * pixels > MOST_PASSED_PIXELS) {
    return rejection("too-complex", `The ${name} file has too many scans for ${width} × ${height} pixels. ${again}`);
  }
  if (demands.hasSurplus || demands.isReadWithin?.(MOST_COST - costOf(demands, { width, height })) === false) {
    return rejection(
      "too-complex",
      `The ${name} file has more data than can be read for its pixels. Send it scaled down, or save it again.`,
    );
  }
  return undefined;
}

/** The refusal of a file. */
export function rejection(cause: string, reason: string): Inspection {
  return { ok: false, cause, reason };
}

const displayNames: Record<ImageFormat, string> = {
  jpeg: "JPEG",
  png: "PNG",
  webp: "WebP",
  avif: "AVIF",
  gif: "GIF",
  tiff: "TIFF",
};
