/** Bytes, not text: a sequence that is not UTF-8 stays as it is. A stray `%` stands for itself. */
export function percentDecode(text: string): Buffer {
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}

/** Encodes everything but the unreserved characters of RFC 3986, in upper-case hex. Text is encoded as UTF-8. */
export function percentEncode(value: string | Buffer): string {
  let encoded = "";
  for (const byte of Buffer.from(value as Buffer)) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/** As `percentEncode`, but slashes stay: a key in the path of a URL. */
export const percentEncodePath = (path: string | Buffer): string => percentEncode(path).replace(/%2F/g, "/");
