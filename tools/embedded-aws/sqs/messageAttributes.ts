import { createHash } from "node:crypto";
import { invalidParameter } from "./errors";

/** A message attribute as the JSON protocol has it; binary values in base64. */
interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: string;
}
export type MessageAttributes = Record<string, MessageAttribute>;

/** Characters that a body or the text of an attribute may not hold (API_SendMessage.html). */
export const invalidCharacters = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export const md5 = (text: string): string => createHash("md5").update(text, "utf8").digest("hex");

/** Checks the attributes of a message that is sent: at most 10, with names, types and values that SQS allows. */
export function checkMessageAttributes(attributes: MessageAttributes): void {
  const names = Object.keys(attributes);
  if (names.length > 10)
    throw invalidParameter(`Number of message attributes [${names.length}] exceeds the allowed maximum [10].`);
  for (const [name, attribute] of Object.entries(attributes)) checkOne(name, attribute);
}

function checkOne(name: string, { DataType: type, StringValue: text, BinaryValue: binary }: MessageAttribute): void {
  const allowed = /^(?!(aws|amazon)\.)(?!\.)(?!.*\.\.)[\p{L}\p{N}_.-]{1,256}(?<!\.)$/iu.test(name);
  if (!allowed) throw invalidParameter(`Message attribute name '${name}' is invalid.`);
  if (type.length > 256 || !/^(String|Number|Binary)(\..+)?$/.test(type)) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const value = type.startsWith("Binary") ? binary : text;
  if (value === undefined || value === "") {
    throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
  }
  if (text !== undefined && invalidCharacters.test(text)) {
    throw invalidParameter(
      `Invalid characters found in the value of message (user) attribute '${name}'. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`,
    );
  }
  if (type.startsWith("Number") && !Number.isFinite(Number(value))) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** Bytes that attributes add to a message's size: names, types and values. */
export function attributeBytes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue, BinaryValue }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      (BinaryValue === undefined ? Buffer.byteLength(StringValue ?? "") : Buffer.byteLength(BinaryValue, "base64")),
    0,
  );
}

/**
 * The MD5 of attributes: each by name, with its name, type, kind of value (1 text, 2 binary) and value, lengths in front.
 * AWS, "Amazon SQS message metadata: Calculating the MD5 message digest for message attributes".
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const update = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    const binary = attribute.DataType.startsWith("Binary");
    update(Buffer.from(name));
    update(Buffer.from(attribute.DataType));
    hash.update(Buffer.from([binary ? 2 : 1]));
    update(binary ? Buffer.from(attribute.BinaryValue ?? "", "base64") : Buffer.from(attribute.StringValue ?? ""));
  }
  return hash.digest("hex");
}

/** Those that a receiver asks for: by name, by `prefix.*`, or `All` with its other spellings. */
export function selectAttributes(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  if (wanted.length === 0) return {};
  if (["All", "*", ".*"].some((all) => wanted.includes(all))) return attributes;
  const selected = (name: string): boolean =>
    wanted.some((pattern) => (pattern.endsWith(".*") ? name.startsWith(pattern.slice(0, -2)) : name === pattern));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => selected(name)));
}
