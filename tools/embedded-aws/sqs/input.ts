import { invalidParameter, sqsError } from "./errors";

/** The JSON object that a caller sent. */
export type Input = Record<string, unknown>;

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string")
    throw invalidParameter(`Value for parameter ${name} is invalid. Reason: it must be a string.`);
  return value;
}

export function requiredText(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) {
    throw sqsError("MissingRequiredParameterException", `The request must contain the parameter ${name}.`);
  }
  return value;
}

/** A whole number within a range, or undefined when it was left out. `reason` is AWS's wording for the range. */
export function optionalNumber(
  input: Input,
  name: string,
  minimum: number,
  maximum: number,
  reason = `Must be >= ${minimum} and <= ${maximum}, if provided.`,
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw invalidParameter(`Value ${JSON.stringify(value)} for parameter ${name} is invalid. Reason: ${reason}`);
}

export function requiredNumber(input: Input, name: string, minimum: number, maximum: number): number {
  const value = optionalNumber(input, name, minimum, maximum);
  if (value === undefined) {
    throw sqsError("MissingRequiredParameterException", `The request must contain the parameter ${name}.`);
  }
  return value;
}

export function textList(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw invalidParameter(`Value for parameter ${name} is invalid. Reason: it must be a list of strings.`);
}

/** An object whose values are texts: attributes and tags. */
export function textMap(input: Input, name: string): Record<string, string> {
  return objectOf(input, name, (value) => typeof value === "string") as Record<string, string>;
}

export function objectMap(input: Input, name: string): Record<string, Input> {
  return objectOf(input, name, (value) => typeof value === "object" && value !== null) as Record<string, Input>;
}

function objectOf(input: Input, name: string, valid: (value: unknown) => boolean): object {
  const value = input[name] ?? {};
  if (typeof value === "object" && !Array.isArray(value) && Object.values(value).every(valid)) return value;
  throw invalidParameter(`Value for parameter ${name} is invalid. Reason: it must be a map of well-formed values.`);
}
