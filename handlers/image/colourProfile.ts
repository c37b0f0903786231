/**
 * Whether an ICC profile describes sRGB, so that applying it would change nothing and can be left out. It goes by
 * what the profile does (its primaries and curves), not by what it is called. Anything unusual counts as not sRGB.
 * Layout: ICC.1:2022, 7.2 to 7.4, 10.6 (curv), 10.18 (para), 10.31 (XYZ).
 */
export function isSrgbProfile(icc: Uint8Array): boolean {
  const profile = Buffer.from(icc.buffer, icc.byteOffset, icc.byteLength);
  try {
    const tags = tagsOf(profile);
    if (tags.A2B0) return false; // tables, which take precedence over primaries and curves
    return (
      profile.toString("latin1", 16, 24) === "RGB XYZ " &&
      hasPrimary(tags.rXYZ, [0.4361, 0.2225, 0.0139]) &&
      hasPrimary(tags.gXYZ, [0.3851, 0.7169, 0.0971]) &&
      hasPrimary(tags.bXYZ, [0.1431, 0.0606, 0.7141]) &&
      [tags.rTRC, tags.gTRC, tags.bTRC].every(hasSrgbCurve)
    );
  } catch {
    return false; // a read beyond the end
  }
}

function tagsOf(profile: Buffer): Record<string, Buffer | undefined> {
  const tags: Record<string, Buffer | undefined> = {};
  for (let i = 0; i < Math.min(profile.readUInt32BE(128), 100); i++) {
    const entry = 132 + 12 * i;
    const start = profile.readUInt32BE(entry + 4);
    const name = profile.toString("latin1", entry, entry + 4);
    tags[name] = profile.subarray(start, start + profile.readUInt32BE(entry + 8));
  }
  return tags;
}

/** Primaries as profiles have them, adapted to D50. */
function hasPrimary(tag: Buffer | undefined, xyz: number[]): boolean {
  return tag !== undefined && xyz.every((expected, i) => Math.abs(fixed(tag, 8 + 4 * i) - expected) < 0.002);
}

function hasSrgbCurve(tag: Buffer | undefined): boolean {
  const curve = tag && curveOf(tag);
  if (!curve) return false;
  return [0.02, 0.1, 0.25, 0.5, 0.75, 0.9].every((x) => Math.abs(curve(x) - srgbToLinear(x)) < 0.002);
}

/** The two kinds of curve by which sRGB profiles are made; undefined for the others. */
function curveOf(tag: Buffer): ((x: number) => number) | undefined {
  const type = tag.toString("latin1", 0, 4);
  if (type === "curv") {
    const last = tag.readUInt32BE(8) - 1;
    if (last < 255) return undefined; // no table, or too coarse a one
    return (x) => tag.readUInt16BE(12 + 2 * Math.round(x * last)) / 65_535;
  }
  if (type === "para" && tag.readUInt16BE(8) === 3) {
    const [g = 0, a = 0, b = 0, c = 0, d = 0] = [12, 16, 20, 24, 28].map((offset) => fixed(tag, offset));
    return (x) => (x >= d ? (a * x + b) ** g : c * x);
  }
  return undefined;
}

/** IEC 61966-2-1. */
function srgbToLinear(x: number): number {
  return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
}

/** s15Fixed16Number. */
function fixed(tag: Buffer, offset: number): number {
  return tag.readInt32BE(offset) / 65_536;
}
