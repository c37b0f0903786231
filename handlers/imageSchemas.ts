import {
  array,
  boolean,
  checkItems,
  integer,
  maxValue,
  minLength,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  regex,
  string,
  transform,
} from "valibot";
import {
  fits,
  imageFormats,
  imageTypeDefaults,
  imageTypeFormats,
  positions,
  specsOf,
  widestLimits,
} from "./imageTypes";

/**
 * The ranges of an image type and of an upload's limits, for the configuration and for the functions' environment. A
 * message completes a sentence that begins with the key: `must be a whole number from 1 to 100`. The schemas are made
 * inside functions, because a captured schema cannot be serialised with a callback.
 */

/** A whole number within a range. */
export function whole(least: number, most: number) {
  const allowed = `must be a whole number from ${least} to ${most}`;
  return pipe(number(allowed), integer(allowed), minValue(least, allowed), maxValue(most, allowed));
}

/** One of a list of words. */
export function oneOf<const T extends readonly string[]>(allowed: T) {
  return picklist(allowed, `must be one of ${allowed.join(", ")}`);
}

/** One or several of a list of words, each once. */
function someOf<const T extends readonly string[]>(allowed: T) {
  return pipe(
    array(oneOf(allowed), "must be a list of formats"),
    minLength(1, "must name at least one format"),
    checkItems((format, at, all) => all.indexOf(format) === at, "must name each format once"),
  );
}

/** The name of an image type: the beginning of its renditions' keys. */
export function imageTypeName() {
  const allowed = "must be named by 1 to 31 lower-case letters, digits and dashes, and not raw";
  return pipe(string(allowed), regex(/^(?!raw$)[a-z0-9][a-z0-9-]{0,30}$/, allowed));
}

/** The properties of an image type besides its name, with their defaults. */
export function imageTypeEntries() {
  return {
    width: optional(whole(1, imageTypeDefaults.width)),
    height: optional(whole(1, imageTypeDefaults.height)),
    fit: optional(oneOf(fits), imageTypeDefaults.fit),
    position: optional(oneOf(positions), imageTypeDefaults.position),
    format: optional(oneOf(imageTypeFormats)),
    formats: optional(someOf(imageTypeFormats)),
    quality: optional(whole(1, 100), imageTypeDefaults.quality),
    enlarge: optional(boolean("must be true or false"), imageTypeDefaults.enlarge),
    animated: optional(boolean("must be true or false"), imageTypeDefaults.animated),
  };
}

/** Image types as `imageTypesJson` writes them, read into their renditions. */
export function imageTypeList() {
  return pipe(
    array(object({ imageType: imageTypeName(), ...imageTypeEntries() })),
    transform((types) => types.flatMap(({ imageType, ...type }) => specsOf(imageType, type))),
  );
}

/** The limits of an upload that the configuration sets. */
export function uploadLimitEntries() {
  return {
    acceptedFormats: someOf(imageFormats),
    // Held whole in a function's memory while its renditions are made.
    maxBytes: whole(1, widestLimits.maxBytes),
    maxPixels: whole(1, widestLimits.maxPixels),
    maxSide: whole(1, widestLimits.maxSide),
    maxProportion: whole(1, widestLimits.maxProportion),
  };
}
