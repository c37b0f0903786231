import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { formats, idleMiB } from "../../components/measuredMemory.json";
import { renditionMemoryMiB } from "../../components/renditionMemory";
import { chosenMemory } from "../../tools/bench";

const limits = (maxPixels: number, ...acceptedFormats: (keyof typeof formats)[]) => ({
  acceptedFormats,
  maxBytes: 52_428_800,
  maxPixels,
});

describe("the memory of ResolutionBasedImagePutProcess", () => {
  it("is for two of the costliest originals by the recorded figures, with a tenth in reserve, in steps of 64 MiB", () => {
    const needed = (idleMiB + 2 * (formats.avif.largest.MiB + 50)) * 1.1;
    const memory = renditionMemoryMiB(limits(100_000_000, "jpeg", "png", "webp", "avif"), 2);
    expect(memory).to.be.within(needed, needed + 64);
    expect(memory % 64).to.equal(0);
  });

  it("grows with pixels, bytes, images at once, and a format that takes more", () => {
    const sizes = [12, 25, 40].map((megapixels) => renditionMemoryMiB(limits(megapixels * 1e6, "avif"), 2));
    expect(sizes).to.deep.equal([...new Set(sizes)].sort((a, b) => a - b));
    const avif = limits(100_000_000, "jpeg", "avif");
    expect(renditionMemoryMiB(avif, 2)).to.be.above(renditionMemoryMiB(limits(100_000_000, "jpeg"), 2));
    expect(renditionMemoryMiB(avif, 3)).to.be.above(renditionMemoryMiB(avif, 2));
    expect(renditionMemoryMiB({ ...avif, maxBytes: 104_857_600 }, 2)).to.be.above(renditionMemoryMiB(avif, 2));
  });

  it("is for animations where frames are kept", () => {
    const webp = limits(100_000_000, "webp");
    expect(renditionMemoryMiB(webp, 2, true)).to.be.above(renditionMemoryMiB(webp, 2));
    const avif = limits(100_000_000, "avif");
    expect(renditionMemoryMiB(avif, 2, true)).to.equal(renditionMemoryMiB(avif, 2));
  });

  it("takes no more for pixels that are refused for their cost", () => {
    expect(renditionMemoryMiB(limits(100_000_000, "avif"), 2)).to.equal(renditionMemoryMiB(limits(4e7, "avif"), 2));
  });

  it("is never so little that a photo would take long", () => {
    expect(renditionMemoryMiB({ ...limits(1, "webp"), maxBytes: 1 }, 1)).to.equal(1024);
  });

  it("is as docs/performance.md shows it", () => {
    const text = readFileSync(join(__dirname, "../../docs/performance.md"), "utf8");
    for (const row of chosenMemory()) expect(text).to.include(`\n| ${Object.values(row).join(" | ")} |\n`);
  });
});
