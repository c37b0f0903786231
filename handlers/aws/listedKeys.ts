/** A key of a list that S3 was asked to encode (`EncodingType: "url"`), decoded; a space is `+` there. */
export function decodeListedKey(encoded: string): string {
  return decodeURIComponent(encoded.replace(/\+/g, " "));
}
