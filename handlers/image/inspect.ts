import type { UploadLimits } from "../imageTypes";
import type { Inspection } from "../imagePorts";
import type { UploadedBytes } from "../ports";
import { readerOf, type Reader } from "./bytes";
import { foreignKindOf, formatOf, formats, START_BYTES } from "./formats";
import type { Size } from "./sizes";

/** Steps of reading that one upload may take (bytes.ts): less than 50 ms of CPU. Ordinary ones take a tenth. */
export const MOST_STEPS = 60_000;
/** The first part that is asked for behind the start; each further one is twice as long. */
const FIRST_PART = 65_536;
/** A header in longer parts is refused: cameras put previews and depth maps of some megabytes before the picture. */
const MOST_BYTES = 8_388_608;
const rejection = (cause: string, reason: string): Inspection => ({ ok: false, cause, reason });
const AGAIN = "Save it again in another program.";

/**
 * Decides whether an upload is taken in as an image, from as little of it as the decision needs: its start, the end of
 * some formats, and what its structure leads to before the pixels. No pixel is decoded, and no native code sees the file.
 * Resolves with undefined where the upload is gone.
 *
 * Causes: `empty`, `too-large`, `not-an-image`, `unsupported-format`, `truncated`, `corrupt`, `too-many-pixels`,
 * `too-long`, `too-complex`.
 */
export async function inspectUpload(upload: UploadedBytes, limits: UploadLimits): Promise<Inspection | undefined> {
  const { bytes, start } = upload;
  const file = readerOf(bytes, MOST_STEPS, start.byteLength < bytes);
  file.add(0, start);
  let held = 0;
  let length = FIRST_PART;
  for (;;) {
    const inspection = inspectFile(file, limits);
    if (file.isExhausted()) return rejection("too-complex", `The file has too many parts. ${AGAIN}`);
    const missing = file.missing();
    if (!missing) return inspection;
    const to = Math.min(bytes, Math.max(missing.to, missing.from + length));
    held += to - missing.from;
    if (held > MOST_BYTES)
      return rejection("too-complex", `The file's header is longer than ${MOST_BYTES / 1_048_576} MiB. ${AGAIN}`);
    const part = await upload.read(missing.from, to);
    if (!part) return undefined;
    file.add(missing.from, part);
    length *= 2;
  }
}

/** The verdict on what is at hand. It counts only where nothing was missing. */
export function inspectFile(file: Reader, limits: UploadLimits): Inspection {
  if (file.length === 0) return rejection("empty", "The file is empty. Send the image's bytes as the request's body.");
  if (file.length > limits.maxBytes) {
    const sizes = `${file.length} bytes; at most ${limits.maxBytes} are allowed`;
    return rejection("too-large", `The image has ${sizes}. Send a smaller file.`);
  }
  const start = file.text(0, Math.min(START_BYTES, file.length));
  const format = formatOf(start);
  const accepted = `one of these: ${limits.acceptedFormats.map((each) => formats[each].name).join(", ")}`;
  const kind = format ? formats[format].name : foreignKindOf(start);
  if (kind === undefined) return rejection("not-an-image", `The file is not an image. Send ${accepted}.`);
  if (!format || !limits.acceptedFormats.includes(format)) {
    const problem = format ? `${kind} images are not accepted here` : `The file is ${kind}`;
    return rejection("unsupported-format", `${problem}. Convert it to ${accepted}.`);
  }
  const reader = formats[format];
  const { name, longestSide = limits.maxSide } = reader;
  if (!attempt(() => reader.isComplete(file)))
    return rejection("truncated", `The ${name} file breaks off before its end. Send the whole file again.`);
  const header = attempt(() => reader.header(file));
  if (!header || header.width < 1 || header.height < 1)
    return rejection("corrupt", `The ${name} file's header is damaged and cannot be read. Send an intact file.`);
  const { unsupported, width, height } = header;
  if (unsupported) return rejection("unsupported-format", `The file is ${unsupported}. Convert it to a plain ${name}.`);
  const maxSide = Math.min(limits.maxSide, longestSide);
  return refuseSides(header, { ...limits, maxSide }) ?? { ok: true, format, width, height };
}

/** The result of a reader; undefined where the file breaks off, or is not as its format demands. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

/** Decoders and scaling take time for each row, however short it is. */
function refuseSides({ width, height }: Size, limits: UploadLimits): Inspection | undefined {
  const { maxSide, maxProportion, maxPixels } = limits;
  const [long, short, pixels] = [Math.max(width, height), Math.min(width, height), width * height];
  const problem =
    (long > maxSide && `at most ${maxSide} are allowed on a side. Send it scaled down or in parts`) ||
    (long > short * maxProportion &&
      `its long side may be at most ${maxProportion} times its short one. Send a part of it`);
  const has = `The image has ${width} × ${height} pixels`;
  if (problem) return rejection("too-long", `${has}; ${problem}.`);
  if (pixels <= maxPixels) return undefined;
  return rejection(
    "too-many-pixels",
    `${has}, ${pixels} in all; at most ${maxPixels} are allowed. Send it scaled down.`,
  );
}
