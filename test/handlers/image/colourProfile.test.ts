import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { isSrgbProfile } from "../../../handlers/image/colourProfile";
import { corners } from "./files";

/** A profile that sharp brings along. */
async function profile(name: string): Promise<Buffer> {
  const { icc } = await sharp(await corners().withIccProfile(name).png().toBuffer()).metadata();
  return icc!;
}

/** The profile with the curve of sRGB as a table of so many entries (ICC.1:2022, 10.6). */
function withTables(icc: Buffer, entries: number): Buffer {
  const table = Buffer.alloc(12 + 2 * entries);
  table.write("curv");
  table.writeUInt32BE(entries, 8);
  for (let i = 0; i < entries; i++) {
    const x = i / (entries - 1);
    const linear = x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    table.writeUInt16BE(Math.round(65_535 * linear), 12 + 2 * i);
  }
  const changed = Buffer.concat([icc, table]);
  for (const name of ["rTRC", "gTRC", "bTRC"]) {
    const entry = icc.indexOf(name);
    changed.writeUInt32BE(icc.length, entry + 4);
    changed.writeUInt32BE(table.length, entry + 8);
  }
  return changed;
}

describe("isSrgbProfile", () => {
  it("knows sRGB", async () => {
    expect(isSrgbProfile(await profile("srgb"))).to.be.true;
  });

  it("tells Display P3 from it, whichever program made the profile", async () => {
    expect(isSrgbProfile(await profile("p3"))).to.be.false;
    const photo = await sharp(readFileSync(join(__dirname, "../../photos/p12-o6p3n.jpg"))).metadata();
    expect(isSrgbProfile(photo.icc!)).to.be.false;
  });

  it("goes by the curves, not by the primaries alone", async () => {
    const icc = await profile("srgb");
    const curve = icc.indexOf("rTRC");
    const start = icc.readUInt32BE(curve + 4);
    icc.fill(0, start + 12, start + icc.readUInt32BE(curve + 8));
    expect(isSrgbProfile(icc)).to.be.false;
  });

  it("knows sRGB whose curves are tables, as in the profiles of cameras, but for coarse ones", async () => {
    const icc = await profile("srgb");
    expect(isSrgbProfile(withTables(icc, 1_024))).to.be.true;
    expect(isSrgbProfile(withTables(icc, 16))).to.be.false;
  });

  it("takes no damaged profile for sRGB", async () => {
    const icc = await profile("srgb");
    for (let length = 0; length < icc.length; length += 16) {
      expect(isSrgbProfile(icc.subarray(0, length)), `${length} bytes`).to.be.false;
    }
  });
});
