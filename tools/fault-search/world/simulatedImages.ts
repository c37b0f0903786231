import { targetOf, type Size } from "../../../handlers/image/sizes";
import { sharing } from "../../../handlers/image/sharing";
import {
  extensionOf,
  formatFor,
  type RenditionFormat,
  type RenditionSpec,
  type UploadLimits,
} from "../../../handlers/imageTypes";
import type { Inspection, InspectUpload, MakeRenditions, Rendition } from "../../../handlers/imagePorts";
import type { UserMetadata } from "../../../handlers/ports";
import { sha256 } from "../../../handlers/protocol/generation";
import type { Preview } from "../../../handlers/records";
import { userMetadataOf, type UploadDetails } from "../../../handlers/protocol/uploadDetails";

/**
 * Uploads are short texts: their first word says what they are, the rest tells them apart. `hollow` has a good header
 * and no pixels: only rendering finds out. `deadly` ends the decoder's process and `endless` keeps it busy for ever. `large` is refused under all limits, `long` and `png` under the strict ones alone.
 * `garbled` is a good picture with user metadata that cannot be read. `dot` fits into every box as it is, but for one of a
 * later deployment.
 */
export type UploadKind =
  "good" | "bad" | "hollow" | "large" | "long" | "png" | "garbled" | "dot" | "deadly" | "endless";

/**
 * The body of an upload of this kind.
 * @example
 * uploadBody("good", "1"); // "good 1"
 */
export const uploadBody = (kind: UploadKind, tag: string): Uint8Array => {
  const lengths: Partial<Record<UploadKind, number>> = { large: limits.maxBytes + 1, long: limits.maxBytes };
  return Buffer.from(`${kind} ${tag} `.padEnd(lengths[kind] ?? 0, "x").trim());
};

/** The user metadata with which an upload of this kind is stored, beside some that a later release may use. */
export const uploadMetadata = (kind: UploadKind, details: UploadDetails): UserMetadata => ({
  ...userMetadataOf(details),
  ...(kind === "garbled" && { metadata: "eyJub3QiOiA" }),
  later: "not read",
});

export const limits: UploadLimits = {
  acceptedFormats: ["jpeg", "png"],
  acceptedExtensions: ["jpg", "png"],
  maxBytes: 100,
  maxPixels: 1_000_000,
  maxSide: 10_000,
  maxProportion: 10_000,
};

/** The limits of another deployment. */
export const strictLimits: UploadLimits = {
  ...limits,
  acceptedFormats: ["jpeg"],
  acceptedExtensions: ["jpg"],
  maxBytes: limits.maxBytes - 1,
};

/** The configuration, and that of a later deployment. */
export const imageTypes: RenditionSpec[] = [
  { imageType: "large", width: 20, height: 20, fit: "inside", format: "auto", quality: 80 },
  { imageType: "small", width: 2, height: 2, fit: "cover", format: "webp", quality: 80 },
  { imageType: "small", width: 2, height: 2, fit: "cover", format: "jpeg", quality: 80 },
];
export const laterImageTypes: RenditionSpec[] = [
  { imageType: "tiny", width: 1, height: 1, fit: "inside", format: "png", quality: 80 },
  { imageType: "small", width: 2, height: 2, fit: "cover", format: "avif", quality: 60 },
];

/** That of a deployment after which images are backfilled: one is made otherwise, one is new, one is gone. */
export const otherImageTypes: RenditionSpec[] = [
  { imageType: "tiny", width: 1, height: 1, fit: "inside", format: "png", quality: 80 },
  { imageType: "small", width: 2, height: 2, fit: "cover", format: "webp", quality: 80 },
  { imageType: "large", width: 20, height: 20, fit: "inside", format: "auto", quality: 60 },
];

/** Pixels. */
const sizeOf = (original: string): Size =>
  original.startsWith("dot") ? { width: 2, height: 2 } : { width: 40, height: 30 };

/** A `png` is a PNG, all others but `bad` ones are JPEGs. */
function judged(body: Uint8Array, bytes: number, { acceptedFormats, maxBytes }: UploadLimits): Inspection {
  const text = Buffer.from(body).toString();
  const format = text.startsWith("png") ? "png" : "jpeg";
  if (bytes > maxBytes)
    return { ok: false, cause: "too-large", reason: `The image has ${bytes} bytes; at most ${maxBytes} are allowed.` };
  if (text.startsWith("bad")) return { ok: false, cause: "not-an-image", reason: `No image: ${text}.` };
  if (!acceptedFormats.includes(format)) {
    return { ok: false, cause: "format", reason: `A ${format} is not accepted.` };
  }
  return { ok: true, format, ...sizeOf(text) };
}

/**
 * Reads the header of a simulated upload, and of a longer one its end.
 * @example
 * await inspectUpload(await ports.temp.read("images/a.jpg", "v1"), limits); // { ok: true, … }
 */
export const inspectUpload: InspectUpload = async (upload, limits) => {
  const { bytes, start } = upload;
  const isLonger = start.byteLength < bytes && bytes <= limits.maxBytes;
  if (isLonger && !(await upload.read(start.byteLength, bytes))) return undefined;
  return judged(start, bytes, limits);
};

/**
 * The bytes of a rendition, which say how it is made and can be told from those of any other original. Their length tells a
 * quality that is not 80.
 */
const rendered = (original: Uint8Array, format: RenditionFormat, { width, height }: Size, quality: number): string =>
  `${width}x${height} ${extensionOf(format)} of ${Buffer.from(original).toString()}${" ".repeat(80 - quality)}`;

/** A rendition's measures, and the original of which it was made, by its bytes; undefined where it is none. */
export function readRendition(body: Uint8Array): (Size & { extension: string; original: string }) | undefined {
  const [, width, height, extension = "", original = ""] =
    /^(\d+)x(\d+) ([a-z]+) of (.*?) *$/.exec(Buffer.from(body).toString()) ?? [];
  return original === "" ? undefined : { width: Number(width), height: Number(height), extension, original };
}

/** Half of all originals, told by their last letter. */
const isTransparent = (original: Uint8Array): boolean => (original.at(-1) ?? 0) % 2 === 1;

/** The preview of an original, which can be told from that of any other. */
function previewOf(original: Uint8Array): Preview {
  const placeholder = sha256(original).slice(0, 36);
  return { placeholder, dominantColour: `#${placeholder.slice(0, 6)}` };
}

/**
 * Stores all renditions at once, and answers only after the last of them succeeded or failed.
 * @example
 * await makeRenditions(uploadBody("good", "1"), imageTypes, async ({ spec, body }) => void made.set(spec.imageType, body));
 */
export const makeRenditions: MakeRenditions = async (original, specs, store) => {
  const text = Buffer.from(original).toString();
  const hollow = text.startsWith("hollow");
  const opaque = !isTransparent(original);
  const targets = specs.map((spec) => targetOf(sizeOf(text), spec));
  const groups = sharing(hollow ? targets.slice(0, 1) : targets, opaque);
  const renditions = groups.flatMap((group) =>
    group.map(({ spec, size }): Rendition => {
      const [first] = group;
      const format = formatFor(spec.format, opaque);
      const sameAs = first.spec === spec ? undefined : first.spec;
      return { spec, sameAs, format, body: Buffer.from(rendered(original, format, size, spec.quality)), ...size };
    }),
  );
  const stored = await Promise.allSettled(renditions.map(store));
  const failed = stored.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  if (hollow) {
    const undecodable = "The image's pixels are damaged. Save it in another program and send it again.";
    return { undecodable, cause: "undecodable" };
  }
  return { preview: previewOf(original), ...sizeOf(text) };
};
