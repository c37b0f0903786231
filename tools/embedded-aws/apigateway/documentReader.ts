import { AwsError, notImplemented } from "../http/awsError";

export type JsonObject = Record<string, unknown>;

export const invalid = (where: string, value: unknown, allowed: string): AwsError =>
  new AwsError(
    400,
    "BadRequestException",
    `${where} is ${value === undefined ? "missing" : JSON.stringify(value)}: it must be ${allowed}.`,
  );

/** Reads an object of the document, and names the place of what is wrong in it. */
export class DocumentReader {
  constructor(
    readonly value: JsonObject,
    readonly where: string,
  ) {}

  text(name: string): string | undefined {
    const value = this.value[name];
    if (value === undefined || typeof value === "string") return value;
    throw invalid(`${this.where}.${name}`, value, "text");
  }

  number(name: string): number | undefined {
    const value = this.value[name];
    if (value === undefined || typeof value === "number") return value;
    throw invalid(`${this.where}.${name}`, value, "a number");
  }

  texts(name: string): string[] {
    const value = this.value[name] ?? [];
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    throw invalid(`${this.where}.${name}`, value, "a list of texts");
  }

  /** Names and values that are text: parameter mappings and templates. */
  textMap(name: string): [string, string][] {
    return Object.entries(this.child(name).value).map(([key, value]) => {
      if (typeof value !== "string") throw invalid(`${this.where}.${name}.${key}`, value, "text");
      return [key, value];
    });
  }

  /** An object in this one; an empty one where it is absent. */
  child(name: string): DocumentReader {
    const value = this.value[name] ?? {};
    if (typeof value !== "object" || Array.isArray(value)) throw invalid(`${this.where}.${name}`, value, "an object");
    return new DocumentReader(value as JsonObject, `${this.where}.${name}`);
  }

  children(): [string, DocumentReader][] {
    return Object.keys(this.value)
      .filter((name) => typeof this.value[name] === "object" && !Array.isArray(this.value[name]))
      .map((name) => [name, this.child(name)]);
  }

  /** Refuses every other property. */
  allow(names: string[]): void {
    for (const name of Object.keys(this.value))
      if (!names.includes(name)) throw notImplemented(`${name} of ${this.where}`);
  }

  /** Refuses every other extension of API Gateway's. */
  allowExtensions(names: string[]): void {
    for (const name of Object.keys(this.value))
      if (name.startsWith("x-amazon-apigateway-") && !names.includes(name))
        throw notImplemented(`${name} of ${this.where}`);
  }
}
