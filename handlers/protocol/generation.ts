import { createHash } from "node:crypto";

import { namedError } from "./errors";
import { toldPreview } from "./toldDetails";
import { extensions, possibleFormats, type ImageFormat, type RenditionSpec } from "../imageTypes";
import type { LiveGeneration, RawRecord, StoredRendition } from "../records";

/**
 * A generation is one accepted upload of one name. Its id is a hash of 48 hex digits that covers the entity tag that S3
 * gave the content, and the upload's S3 version id: the same for every delivery of the same event, different for every
 * upload, so that no two generations ever share a key.
 *
 * The first 16 digits depend on the version id alone, so that an upload's original can be found in the bucket after the
 * upload's content is gone.
 */
export function generationOf(etag: string, versionId: string): string {
  return uploadTag(versionId) + sha256(`${etag} ${versionId}`).slice(0, 32);
}

/** The part of a generation's id that tells of which upload it was made. */
export const uploadTag = (versionId: string): string => sha256(versionId).slice(0, 16);

export const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");

/** The id, and key, of an original. */
export function originalKey(name: string, generation: string, format: ImageFormat): string {
  return `raw/${name}/${generation}.${extensions[format]}`;
}

/** The beginning of the keys of all originals that an upload can have stored. */
export const originalKeyPrefix = (name: string, versionId: string): string => `raw/${name}/${uploadTag(versionId)}`;

/** The id, and key, of the object of a rendition: that of another image type where they share one. */
export function renditionKey(
  name: string,
  generation: string,
  { imageType, storedAs = imageType, format }: Pick<StoredRendition, "imageType" | "storedAs" | "format">,
): string {
  return `${storedAs}/${name}/${generation}.${extensions[format]}`;
}

/**
 * A generation's manifest names all objects that it can have: `<generation>.<ext> <imageType>.<ext> …`. It is what
 * `superseded` holds and delete messages carry, so that a generation can be cleared away however much the
 * configuration has changed since.
 */
export function manifestOf(
  generation: string,
  format: ImageFormat,
  types: (Pick<RenditionSpec, "imageType" | "format"> & Pick<StoredRendition, "storedAs">)[],
): string {
  const renditions = types.flatMap(({ imageType, storedAs = imageType, format }) =>
    possibleFormats(format).map((possible) => `${storedAs}.${extensions[possible]}`),
  );
  return [`${generation}.${extensions[format]}`, ...new Set(renditions)].join(" ");
}

/** A record, whose attributes tell of its newest generation, or its live one. */
type Recorded = Pick<RawRecord, "generation" | "format" | "renditions" | "expected"> | undefined;

/** The manifest of a record's newest generation, or of its live one; undefined where there is none. */
export function manifestFor(recorded: Recorded): string | undefined {
  if (!recorded?.generation || !recorded.format) return undefined;
  return manifestOf(recorded.generation, recorded.format, recorded.renditions ?? recorded.expected ?? []);
}

/** The manifests of those that are there. */
export const manifestsOf = (...recorded: Recorded[]): string[] => recorded.flatMap((one) => manifestFor(one) ?? []);

/** The generation that `GET` serves: the newest once it is `READY`, until then the one before, if there is one. */
export function liveOf(record: RawRecord | undefined): LiveGeneration | undefined {
  if (record?.status !== "READY") return record?.live;
  const { generation, contentHash, format, bytes, width, height, metadata, focus, renditions } = record;
  const details = { ...(metadata !== undefined && { metadata }), ...(focus && { focus }) };
  return { generation, contentHash, format, bytes, width, height, ...details, ...toldPreview(record), renditions };
}

/** Whether a record needs the objects of a generation, given by its id or the beginning of that. */
export const isNeeded = (record: RawRecord | undefined, generation: string): boolean =>
  manifestsOf(record, record?.live).some((manifest) => manifest.startsWith(generation));

export interface ManifestKeys {
  generation: string;
  original: string;
  renditions: string[];
}

/** The keys of all objects that a manifest names. Throws where the text is not a manifest. */
export function keysOf(name: string, manifest: string): ManifestKeys {
  const [first = "", ...rest] = manifest.split(" ");
  const file = /^([0-9a-f]{48})\.([a-z]+)$/.exec(first);
  if (!file?.[1]) {
    throw namedError("PoisonMessage", `not a generation's manifest: ${JSON.stringify(manifest.slice(0, 100))}`);
  }
  const generation = file[1];
  return {
    generation,
    original: `raw/${name}/${first}`,
    renditions: rest.map((entry) => {
      const [imageType = "", extension = ""] = entry.split(".");
      return `${imageType}/${name}/${generation}.${extension}`;
    }),
  };
}
