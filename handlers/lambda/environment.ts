// Named, not `* as v`: a namespace object of this package would be serialised whole.
import {
  array,
  boolean,
  exactOptional,
  getDotPath,
  integer,
  maxValue,
  minValue,
  nonEmpty,
  notValue,
  number,
  object,
  picklist,
  pipe,
  regex,
  safeParse,
  string,
  type GenericSchema,
} from "valibot";

import type { RenditionSpec, UploadLimits } from "../imageTypes";

/**
 * The functions' environment variables, which their components set. A function reads what it needs when it starts, so
 * that a missing or damaged one fails the cold start with its name, and no message half way.
 */
export function text(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`the environment variable ${name} is not set`);
  return value;
}

/** IMAGE_TYPES: the renditions that are made of new uploads. */
export function imageTypes(): RenditionSpec[] {
  const pixels = pipe(number(), integer(), minValue(1));
  return json(
    "IMAGE_TYPES",
    array(
      object({
        imageType: pipe(string(), regex(/^[a-z0-9-]+$/), notValue("raw")),
        width: pixels,
        height: pixels,
        fit: picklist(["inside", "cover"]),
        format: picklist(["jpeg", "webp", "avif", "png"]),
        quality: pipe(number(), integer(), minValue(1), maxValue(100)),
        enlarge: exactOptional(boolean()),
      }),
    ),
  );
}

/** UPLOAD_LIMITS: what uploads are accepted. */
export function uploadLimits(): UploadLimits {
  const count = pipe(number(), integer(), minValue(1));
  return json(
    "UPLOAD_LIMITS",
    object({
      acceptedFormats: array(picklist(["jpeg", "png", "webp", "avif", "gif", "tiff"])),
      acceptedExtensions: array(pipe(string(), nonEmpty())),
      maxBytes: count,
      maxPixels: count,
    }),
  );
}

/** The schemas are made inside functions: as captured values they would not survive a callback's serialisation. */
function json<Output>(name: string, schema: GenericSchema<unknown, Output>): Output {
  const value = text(name);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new Error(`the environment variable ${name} is not JSON: ${value.slice(0, 200)}`);
  }
  const result = safeParse(schema, parsed);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new Error(`the environment variable ${name} is wrong at ${getDotPath(issue) ?? "its root"}: ${issue.message}`);
}
