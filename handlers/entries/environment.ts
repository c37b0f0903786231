import * as v from "valibot";

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

/** A variable that counts something: 1 or more. */
export function wholeNumber(name: string): number {
  const value = text(name);
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`the environment variable ${name} is no whole number: ${value}`);
  return Number(value);
}

/** IMAGE_TYPES: the renditions that are made of new uploads. */
export function imageTypes(): RenditionSpec[] {
  const pixels = v.pipe(v.number(), v.integer(), v.minValue(1));
  return json(
    "IMAGE_TYPES",
    v.array(
      v.object({
        imageType: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/), v.notValue("raw")),
        width: pixels,
        height: pixels,
        fit: v.picklist(["inside", "cover"]),
        format: v.picklist(["jpeg", "webp", "avif", "png"]),
        quality: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
        enlarge: v.exactOptional(v.boolean()),
      }),
    ),
  );
}

/** UPLOAD_LIMITS: what uploads are accepted. */
export function uploadLimits(): UploadLimits {
  const count = v.pipe(v.number(), v.integer(), v.minValue(1));
  return json(
    "UPLOAD_LIMITS",
    v.object({
      acceptedFormats: v.array(v.picklist(["jpeg", "png", "webp", "avif", "gif", "tiff"])),
      acceptedExtensions: v.array(v.pipe(v.string(), v.nonEmpty())),
      maxBytes: count,
      maxPixels: count,
    }),
  );
}

/** The schemas are made inside functions: as captured values they would not survive a callback's serialisation. */
function json<Output>(name: string, schema: v.GenericSchema<unknown, Output>): Output {
  const value = text(name);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new Error(`the environment variable ${name} is not JSON: ${value.slice(0, 200)}`);
  }
  const result = v.safeParse(schema, parsed);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new Error(
    `the environment variable ${name} is wrong at ${v.getDotPath(issue) ?? "its root"}: ${issue.message}`,
  );
}
