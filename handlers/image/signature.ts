import type { ImageFormat } from "../imageTypes";

/** The format that the first bytes of a file announce. */
export type Signature = { format: ImageFormat } | { unsupported: string } | undefined;

/** Goes by content alone. `unsupported` names a kind of file that people do send; undefined is anything else. */
export function signatureOf(body: Uint8Array): Signature {
  const at = (offset: number, text: string) => ascii(body, offset, text.length) === text;
  const hex = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 12)).toString("hex");
  if (hex.startsWith("ffd8ff")) return { format: "jpeg" };
  if (hex.startsWith("89504e470d0a1a0a")) return { format: "png" };
  if (at(0, "GIF87a") || at(0, "GIF89a")) return { format: "gif" };
  if (at(0, "RIFF") && at(8, "WEBP")) return { format: "webp" };
  if (/^(49492a00|4d4d002a|49492b00|4d4d002b)/.test(hex)) return { format: "tiff" };
  if (at(4, "ftyp")) return ofBrands(body);
  if (at(0, "%PDF")) return { unsupported: "a PDF document" };
  if (at(0, "8BPS")) return { unsupported: "a Photoshop file" };
  if (at(0, "BM")) return { unsupported: "a BMP image" };
  if (hex.startsWith("ff0a") || hex.startsWith("0000000c4a584c20")) return { unsupported: "a JPEG XL image" };
  if (hex.startsWith("0000000c6a502020") || hex.startsWith("ff4fff51")) return { unsupported: "a JPEG 2000 image" };
  if (hex.startsWith("00000100")) return { unsupported: "an icon (ICO)" };
  if (/^\ufeff?\s*<(\?xml|!doctype svg|!--|svg)/i.test(startOf(body)) && /<svg/i.test(startOf(body))) {
    return { unsupported: "an SVG drawing" };
  }
  return undefined;
}

/** AVIF, HEIC and videos share a container (ISO 14496-12); the brands of its first box tell them apart. */
function ofBrands(body: Uint8Array): Signature {
  const size = Math.min(new DataView(body.buffer, body.byteOffset, 4).getUint32(0), body.byteLength, 256);
  const brands = [ascii(body, 8, 4)];
  for (let offset = 16; offset + 4 <= size; offset += 4) brands.push(ascii(body, offset, 4));
  if (brands[0] === "avis") return { unsupported: "an animated AVIF" };
  if (brands.some((brand) => ["avif", "avis"].includes(brand))) return { format: "avif" };
  if (brands.some((brand) => /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))) {
    return { unsupported: 'a HEIC photo, as phones take them unless their camera is set to "Most Compatible"' };
  }
  return { unsupported: "a video or an unknown kind of media file" };
}

function ascii(body: Uint8Array, offset: number, length: number): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1", offset, offset + length);
}

function startOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 1024)).toString("utf8");
}
