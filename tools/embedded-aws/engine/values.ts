import { randomUUID } from "node:crypto";
import type { Inputs } from "../resourceType";

// Constants of the engine's wire format, as in `@pulumi/pulumi/runtime/rpc`, whose loading would double the start's time.

/** The engine sends this in place of a value that is not known before the update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The property that says which kind of special value an object is. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";
export const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Stands for unknown values while the table of resource types computes outputs; no program's text contains it. */
const PLACEHOLDER = `unknown-${randomUUID()}`;

/**
 * Whether a value is an object, and not a list.
 * @example
 * isRecord([]); // false
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The kind of a value that stands for a file or folder, or undefined for a plain value.
 * @example
 * assetKind(inputs.code); // "archive"
 */
export function assetKind(value: unknown): "asset" | "archive" | undefined {
  if (!isRecord(value)) return undefined;
  const signature = value[SIGNATURE];
  if (signature === ASSET) return "asset";
  return signature === ARCHIVE ? "archive" : undefined;
}

/**
 * The record without these properties.
 * @example
 * omit({ arn, name, tags }, "arn", "tags"); // { name }
 */
export function omit(record: Inputs, ...properties: readonly string[]): Inputs {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !properties.includes(key)));
}

/** Rebuilds a value with every text replaced by what `change` makes of it. */
function mapText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapText(item, change)]));
}

/** Puts the placeholder where the engine said that it does not know a value. */
export function hideUnknowns(inputs: Inputs): Inputs {
  return mapText(inputs, (text) => (text === UNKNOWN ? PLACEHOLDER : text)) as Inputs;
}

/** Replaces every text that contains the placeholder by the engine's unknown value. */
export function restoreUnknowns(outputs: Inputs): Inputs {
  return mapText(outputs, (text) => (text.includes(PLACEHOLDER) ? UNKNOWN : text)) as Inputs;
}

/** True when the value is, or contains, something not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value === "string") return value === UNKNOWN;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/**
 * A value's text with the keys of every object in one order, so that equal values have equal texts.
 * @example
 * canonical({ b: 1, a: [2] }); // '{"a":[2],"b":1}'
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === undefined) return "null";
  if (!isRecord(value)) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

/**
 * Whether two values have equal texts; an absent property equals null.
 * @example
 * same({ a: 1, b: null }, { a: 1 }); // true
 */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}
