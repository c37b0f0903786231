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

  it("takes no damaged profile for sRGB", async () => {
    const icc = await profile("srgb");
    for (let length = 0; length < icc.length; length += 16) {
      expect(isSrgbProfile(icc.subarray(0, length)), `${length} bytes`).to.be.false;
    }
  });
});
