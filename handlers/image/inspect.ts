import type { ImageFormat, UploadLimits } from "../imageTypes";
import type { Inspection } from "../ports";
import { isComplete } from "./complete";
import { readHeader } from "./header";
import { signatureOf } from "./signature";

/** libheif needs some 15 bytes of memory for each pixel of an AVIF, several times what other formats need. */
const AVIF_MAX_PIXELS = 50_000_000;

/**
 * Decides from a file's content whether it is taken in as an image: by its first bytes, its structure and its header.
 * Pixels are not decoded, and no native code sees the file. The file's name plays no part.
 *
 * Causes: `empty`, `too-large`, `not-an-image`, `unsupported-format`, `truncated`, `corrupt`, `too-many-pixels`.
 */
export async function inspectImage(body: Uint8Array, limits: UploadLimits): Promise<Inspection> {
  const accepted = limits.acceptedFormats.map((format) => displayNames[format]).join(", ");
  if (body.byteLength === 0) return no("empty", "The file is empty. Send the image's bytes as the request's body.");
  if (body.byteLength > limits.maxBytes) {
    return no(
      "too-large",
      `The image has ${body.byteLength} bytes; at most ${limits.maxBytes} are allowed. Send a smaller file.`,
    );
  }
  const signature = signatureOf(body);
  if (!signature) return no("not-an-image", `The file is not an image. Send one of these: ${accepted}.`);
  if ("unsupported" in signature) {
    return no("unsupported-format", `The file is ${signature.unsupported}. Convert it to one of these: ${accepted}.`);
  }
  const { format } = signature;
  const name = displayNames[format];
  if (!limits.acceptedFormats.includes(format)) {
    return no("unsupported-format", `${name} images are not accepted here. Convert it to one of these: ${accepted}.`);
  }
  if (!isComplete(format, body)) {
    return no("truncated", `The ${name} file breaks off before its end. Send the whole file again.`);
  }
  const header = readHeader(body, format);
  if (!header) {
    return no("corrupt", `The ${name} file's header is damaged and cannot be read. Send an intact file.`);
  }
  const { width, height } = header;
  const maxPixels = format === "avif" ? Math.min(AVIF_MAX_PIXELS, limits.maxPixels) : limits.maxPixels;
  if (width * height > maxPixels) {
    return no(
      "too-many-pixels",
      `The image has ${width} × ${height} pixels, ${width * height} in all; at most ${maxPixels} are allowed. Send it scaled down.`,
    );
  }
  return { ok: true, format, width, height };
}

function no(cause: string, reason: string): Inspection {
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
