/**
 * User metadata outside ASCII travels in headers as RFC 2047 words: "Values of such headers are character decoded as per
 * RFC 2047 before storing and encoded as per RFC 2047 … before returning" (UsingMetadata.html).
 */
const word = /^=\?utf-8\?([bq])\?(.*)\?=$/i;

/**
 * The text of an encoded word; everything else stays as it is. Characters that are not of Base64 count as its last one
 * (recorded: test_user_metadata_rfc2047_bad_b64_encoded).
 */
export function decodeWord(value: string): string {
  const [, kind, text = ""] = word.exec(value) ?? [];
  if (kind === undefined) return value;
  if (kind.toLowerCase() === "b") {
    const padding = /=*$/.exec(text)?.[0] ?? "";
    const base64 = text.slice(0, text.length - padding.length).replace(/[^A-Za-z0-9+/]/g, "/");
    return Buffer.from(base64, "base64").toString("utf8");
  }
  const bytes = text
    .replace(/_/g, " ")
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

const isPlain = (code: number): boolean => (code >= 0x20 && code < 0x7f) || code === 9;

/** Text as it may stand in a header: an encoded word when it has characters outside printable ASCII. */
function encodeWord(value: string): string {
  const characters = Array.from(value);
  const plain = characters.filter((character) => isPlain(character.codePointAt(0) ?? 0)).length;
  if (plain === characters.length) return value;
  const bytes = Buffer.from(value, "utf8");
  // Mostly plain text stays readable; AWS counts UTF-16 units for that (recorded: test_post_object_with_unicode_metadata).
  if (plain <= value.length - plain) return `=?UTF-8?B?${bytes.toString("base64")}?=`;
  const quoted = Array.from(bytes, (byte) => {
    if (byte === 0x20) return "_";
    const character = String.fromCharCode(byte);
    return isPlain(byte) && !"=_?".includes(character) && byte !== 9
      ? character
      : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  });
  return `=?UTF-8?Q?${quoted.join("")}?=`;
}

/** Stored metadata as headers that HTTP can carry: other headers have a blank for what does not fit into one byte. */
export const mailSafe = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      name.startsWith("x-amz-meta-") ? encodeWord(value) : value.replace(/[^\t\x20-\x7e\x80-\xff]/gu, " "),
    ]),
  );
