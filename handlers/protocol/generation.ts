import { createHash } from "node:crypto";

import { namedError } from "./errors";
import { toldPreview } from "./toldDetails";
import { extensionOf, possibleFormats, type ImageFormat, type RenditionSpec } from "../imageTypes";
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
export const uploadTag = (versionId: string): string => sha256(versionId).slice(0, TAG_DIGITS);

const TAG_DIGITS = 16;

/**
 * The judged uploads of a record with one more: by default that of its newest generation, which it lets go. Of uploads
 * before the last ones their times tell the sweep.
 */
export function judgedWith(
  record: RawRecord | undefined,
  tag = record?.generation?.slice(0, TAG_DIGITS),
): Pick<RawRecord, "judged"> {
  const most = 20;
  return tag === undefined ? {} : { judged: [...(record?.judged ?? []), tag].slice(-most) };
}

export const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");

/** The id, and key, of an original. */
export function originalKey(name: string, generation: string, format: ImageFormat): string {
  return `raw/${name}/${generation}.${extensionOf(format)}`;
}

/** The beginning of the keys of all originals that an upload can have stored. */
export const originalKeyPrefix = (name: string, versionId: string): string => `raw/${name}/${uploadTag(versionId)}`;

/** The id, and key, of the object of a rendition: that of another image type where they share one. */
export function renditionKey(
  name: string,
  generation: string,
  {
    imageType,
    storedAs = imageType,
    format,
    revision,
  }: Omit<NamedRendition, "format"> & Pick<StoredRendition, "format">,
): string {
  const made = revision === undefined ? generation : `${generation}-${revision}`;
  return `${storedAs}/${name}/${made}.${extensionOf(format)}`;
}

/**
 * A generation's manifest names all objects that it can have: `<generation>.<ext> <imageType>.<ext> …`, and
 * `<imageType>.<revision>.<ext>` of those that a backfill made. It is what `superseded` holds and delete messages carry, so
 * that a generation can be cleared away however much the configuration has changed since.
 */
export function manifestOf(generation: string, format: ImageFormat, renditions: NamedRendition[]): string {
  return [`${generation}.${extensionOf(format)}`, ...entriesOf(renditions)].join(" ");
}

/** A manifest of some renditions of a generation that stays, without its original; none where there are none. */
export const partsManifests = (generation: string, renditions: NamedRendition[]): string[] =>
  renditions.length === 0 ? [] : [[generation, ...entriesOf(renditions)].join(" ")];

type NamedRendition = Pick<RenditionSpec, "imageType" | "format"> & Pick<StoredRendition, "storedAs" | "revision">;

const entriesOf = (renditions: NamedRendition[]): string[] => {
  const entries = renditions.flatMap(({ imageType, storedAs = imageType, format, revision }) =>
    possibleFormats(format).map((possible) =>
      [storedAs, ...(revision === undefined ? [] : [revision]), extensionOf(possible)].join("."),
    ),
  );
  return [...new Set(entries)];
};

/** A record, whose attributes tell of its newest generation, or its live one. */
type Recorded = Pick<RawRecord, "generation" | "format" | "renditions" | "expected" | "revision"> | undefined;

/** The manifest of a record's newest generation, or of its live one; undefined where there is none. */
export function manifestFor(recorded: Recorded): string | undefined {
  if (!recorded?.generation || !recorded.format) return undefined;
  return manifestOf(recorded.generation, recorded.format, [...(recorded.renditions ?? []), ...underWay(recorded)]);
}

/** The renditions that are being made of a generation. */
const underWay = ({ expected = [], revision }: NonNullable<Recorded>): NamedRendition[] =>
  expected.map((spec) => ({ ...spec, revision }));

/** The manifest of the renditions that a backfill is making of a record's newest generation; none where there are none. */
export const backfillManifests = (record: RawRecord | undefined): string[] =>
  record?.status === "READY" ? partsManifests(record.generation ?? "", underWay(record)) : [];

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

/** The keys of all objects that a record needs, or may come to need. */
export function neededKeys(name: string, record: RawRecord | undefined): Set<string> {
  const needed = manifestsOf(record, record?.live).map((manifest) => keysOf(name, manifest));
  return new Set(needed.flatMap((keys) => allOf(keys)));
}

/** A manifest of the renditions that a manifest names and the record does not need; none where it needs all. */
export function unneededManifests(name: string, manifest: string, record: RawRecord | undefined): string[] {
  const needed = neededKeys(name, record);
  const { generation, renditions } = keysOf(name, manifest);
  const entries = manifest.split(" ").slice(1);
  const unneeded = entries.filter((_, at) => !needed.has(renditions[at] ?? ""));
  return unneeded.length === 0 ? [] : [[generation, ...unneeded].join(" ")];
}

export interface ManifestKeys {
  generation: string;
  /** Absent where the manifest is of some renditions alone. */
  original?: string;
  renditions: string[];
}

export const allOf = ({ original, renditions }: ManifestKeys): string[] =>
  original === undefined ? renditions : [original, ...renditions];

/** The keys of all objects that a manifest names. Throws where the text is not a manifest. */
export function keysOf(name: string, manifest: string): ManifestKeys {
  const [first = "", ...rest] = manifest.split(" ");
  const file = /^([0-9a-f]{48})(\.[a-z]+)?$/.exec(first);
  if (!file?.[1]) {
    throw namedError("PoisonMessage", `not a generation's manifest: ${JSON.stringify(manifest.slice(0, 100))}`);
  }
  const generation = file[1];
  return {
    generation,
    ...(file[2] !== undefined && { original: `raw/${name}/${first}` }),
    renditions: rest.map((entry) => {
      const [imageType = "", ...made] = entry.split(".");
      const [extension = "", revision] = made.reverse();
      return `${imageType}/${name}/${revision === undefined ? generation : `${generation}-${revision}`}.${extension}`;
    }),
  };
}
