import { sha256 } from "./generation";
import { imageTypeDefaults, possibleFormats, type RenditionSpec } from "../imageTypes";
import type { BackfillMessage, RawRecord, StoredRendition } from "../records";

/**
 * A digest of all that an image type says about how its rendition is made, of six characters. Defaults are left out, so
 * that a property that comes later changes the recipes of those alone that use it.
 */
export function recipeOf(spec: RenditionSpec): string {
  const defaults: Partial<Record<string, unknown>> = imageTypeDefaults;
  const said = Object.entries(spec).filter(
    ([property, value]: [string, unknown]) =>
      property !== "imageType" && value !== undefined && value !== defaults[property],
  );
  const text = JSON.stringify(said.sort(([one], [other]) => (one < other ? -1 : 1)));
  return Buffer.from(sha256(text), "hex").toString("base64url").slice(0, 6);
}

/** The renditions that a backfill is to bring about; `types` and `remove` as in its message. */
export type Wanted = Pick<BackfillMessage, "wanted" | "types" | "remove">;

export interface Differences {
  /** Those that are to be made: there is none, or it was made in another way, or before recipes were recorded. */
  missing: RenditionSpec[];
  /** Those that are to be removed, with `remove`. */
  unwanted: StoredRendition[];
}

/** The differences of a generation's renditions from those that are wanted. */
export function differencesOf(renditions: StoredRendition[], { wanted, types, remove }: Wanted): Differences {
  const isLookedAt = ({ imageType }: Pick<RenditionSpec, "imageType">) => types?.includes(imageType) ?? true;
  const isThere = (spec: RenditionSpec) =>
    renditions.some((rendition) => isOf(rendition, spec) && rendition.recipe === recipeOf(spec));
  return {
    missing: wanted.filter((spec) => isLookedAt(spec) && !isThere(spec)),
    unwanted: remove
      ? renditions.filter((rendition) => isLookedAt(rendition) && !wanted.some((spec) => isOf(rendition, spec)))
      : [],
  };
}

/**
 * The message that brings a record's renditions about that are wanted; undefined where they are there, and where its newest
 * generation is not `READY`.
 */
export function backfillOf(record: RawRecord, choice: Wanted): BackfillMessage | undefined {
  const { original, status, generation, revision = 0, renditions = [], expected } = record;
  if (status !== "READY" || generation === undefined) return undefined;
  const { missing, unwanted } = differencesOf(renditions, choice);
  // One that was begun and has come to its end nowhere is begun once more.
  if (missing.length + unwanted.length === 0 && expected === undefined) return undefined;
  return { original, generation, revision, ...choice };
}

/** The renditions of a generation once those that were missing are made: in the order in which they are wanted, others last. */
export function renewed(
  renditions: StoredRendition[],
  made: StoredRendition[],
  { missing, unwanted }: Differences,
  wanted: RenditionSpec[],
): StoredRendition[] {
  const stays = (rendition: StoredRendition) =>
    !unwanted.includes(rendition) && !missing.some((spec) => isOf(rendition, spec));
  const place = (rendition: StoredRendition) => {
    const at = wanted.findIndex((spec) => isOf(rendition, spec));
    return at < 0 ? wanted.length : at;
  };
  return [...made, ...renditions.filter(stays)].sort((one, other) => place(one) - place(other));
}

/** Whether a rendition is what an image type asks for in one of its formats, however it was made. */
const isOf = ({ imageType, format }: StoredRendition, spec: RenditionSpec): boolean =>
  imageType === spec.imageType && possibleFormats(spec.format).includes(format);
