// Named, not `* as v`: a namespace object of this package would be serialised whole.
import { array, getDotPath, nonEmpty, object, pipe, safeParse, string, type GenericSchema } from "valibot";

import { imageTypeList, uploadLimitEntries } from "../imageSchemas";
import type { RenditionSpec, UploadLimits } from "../imageTypes";

/**
 * The functions' environment variables, which their components set. A function reads its variables when it starts, so
 * that a missing or damaged one fails the cold start and names itself, before any message is worked on.
 */
export function text(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`the environment variable ${name} is not set`);
  return value;
}

/** A variable with a whole number, 1 or more. */
export function wholeNumber(name: string): number {
  const value = text(name);
  if (!/^[1-9]\d*$/.test(value))
    throw new Error(`the environment variable ${name} must be a whole number from 1; got ${value}`);
  return Number(value);
}

/** IMAGE_TYPES: the renditions that are made of new uploads, as `imageTypesJson` writes them. */
export function imageTypes(): RenditionSpec[] {
  return json("IMAGE_TYPES", imageTypeList());
}

/** UPLOAD_LIMITS: the uploads that are accepted. */
export function uploadLimits(): UploadLimits {
  return json(
    "UPLOAD_LIMITS",
    object({ acceptedExtensions: array(pipe(string(), nonEmpty())), ...uploadLimitEntries() }),
  );
}

/** ALLOWED_ORIGINS: whose pages may use the API; none where the variable is absent. */
export function allowedOrigins(): string[] {
  return process.env.ALLOWED_ORIGINS === undefined ? [] : json("ALLOWED_ORIGINS", array(string()));
}

function json<Output>(name: string, schema: GenericSchema<unknown, Output>): Output {
  const value = text(name);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new Error(`the environment variable ${name} must be JSON; got ${value.slice(0, 200)}`);
  }
  const result = safeParse(schema, parsed);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new Error(`the environment variable ${name} at ${getDotPath(issue) ?? "its root"} ${issue.message}`);
}
