import { createHash } from "node:crypto";

import { namedError } from "./errors";
import { extensions, type ImageFormat, type RenditionSpec } from "../imageTypes";
import type { RawRecord } from "../records";

/**
 * A generation is one accepted upload of one name. Its id is a hash of 48 hex digits that covers the content's SHA-256
 * and the upload's S3 version id: the same for every delivery of the same event, different for every upload, so that
 * no two generations ever share a key.
 *
 * The first 16 digits depend on the version id alone, so that an upload's original can be found in the bucket after the
 * upload's content is gone.
 */
export function generationOf(contentHash: string, versionId: string): string {
  return uploadTag(versionId) + sha256(`${contentHash} ${versionId}`).slice(0, 32);
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

/** The id, and key, of a rendition. */
export function renditionKey(name: string, generation: string, spec: Pick<RenditionSpec, "imageType" | "format">) {
  return `${spec.imageType}/${name}/${generation}.${extensions[spec.format]}`;
}

/**
 * A generation's manifest names all objects that it can have: `<generation>.<ext> <imageType>.<ext> …`. It is what
 * `superseded` holds and delete messages carry, so that a generation can be cleared away however much the
 * configuration has changed since.
 */
export function manifestOf(
  generation: string,
  format: ImageFormat,
  types: Pick<RenditionSpec, "imageType" | "format">[],
): string {
  const renditions = types.map((spec) => `${spec.imageType}.${extensions[spec.format]}`);
  return [`${generation}.${extensions[format]}`, ...renditions].join(" ");
}

/** The manifest of a record's live generation, or undefined where it has none. */
export function liveManifest(record: RawRecord | undefined): string | undefined {
  if (!record?.generation || !record.format) return undefined;
  return manifestOf(record.generation, record.format, record.renditions ?? record.expected ?? []);
}

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
