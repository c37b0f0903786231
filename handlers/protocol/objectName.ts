/** Names, URL segments and keys, and the ways from one to another. */

/** Where uploads land in the temp bucket. */
const TEMP_PREFIX = "images/";
/** The longest name, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 200;

/** Why a name is not acceptable, in a sentence for its uploader, or undefined when it is. */
export function refuseName(object: string, acceptedExtensions: string[]): string | undefined {
  const bytes = Buffer.byteLength(object);
  if (bytes < 1 || bytes > MAX_NAME_BYTES) {
    return `The name has ${bytes} bytes of UTF-8; 1 to ${MAX_NAME_BYTES} are allowed. Choose a shorter name.`;
  }
  if (object.includes("/")) return "The name contains a slash (/). Leave it out.";
  if (/\p{Cc}/u.test(object)) return "The name contains a control character. Leave it out.";
  // SQS refuses all of these in a message.
  const half = /[\p{Cs}\ufffe\uffff]/u.exec(object);
  if (half) return `The name contains ${codePoint(half[0])}, which is not a character. Leave it out.`;
  // Two names must not look alike, nor a name like one of another extension. U+200C and U+200D are part of words and emoji.
  const invisible = /(?![\u200c\u200d])\p{Cf}/u.exec(object);
  if (invisible) return `The name contains the invisible character ${codePoint(invisible[0])}. Leave it out.`;
  if (object !== object.normalize("NFC")) {
    return "The name is not in Unicode's normalisation form C (NFC). Send it composed.";
  }
  const dot = object.lastIndexOf(".");
  const extension = dot < 1 ? "" : object.slice(dot + 1).toLowerCase();
  if (!acceptedExtensions.includes(extension)) {
    const rule = `The name must end in one of: ${acceptedExtensions.map((e) => `.${e}`).join(", ")}.`;
    return /^(heic|heif|hif)$/.test(extension) ? `${rule} ${HEIC_ADVICE}` : rule;
  }
  return undefined;
}

const HEIC_ADVICE = 'Convert a HEIC photo to JPEG, or set the camera to "Most Compatible".';

/** As Unicode's charts write it: `U+202E`. */
function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The key under which an upload of this name waits in the temp bucket. */
export const tempKey = (object: string): string => TEMP_PREFIX + object;

/** The name behind a temp key, or undefined where the key is not an upload's. */
export function objectOfTempKey(key: string): string | undefined {
  return key.startsWith(TEMP_PREFIX) && key.length > TEMP_PREFIX.length ? key.slice(TEMP_PREFIX.length) : undefined;
}

/** A key as S3 events carry it (URL-encoded, a space as `+`), decoded. Throws where it is not well encoded. */
export function decodeEventKey(eventKey: string): string {
  return decodeURIComponent(eventKey.replace(/\+/g, " "));
}

/** The name as one segment of a URL's path, encoded so that SigV4 signs the very same text. */
export function urlSegment(object: string): string {
  return encodeURIComponent(object).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
