import { expect } from "chai";
import { renditionMemoryMiB } from "../../components/renditionMemory";
import { decoderLimits } from "../../handlers/imageTypes";

describe("the memory of ResolutionBasedImagePutProcess", () => {
  it("is that of its decoder, of itself, and of the originals at hand, in steps of 64 MiB", () => {
    expect(renditionMemoryMiB({ maxBytes: 52_428_800 }, 3)).to.equal(1216);
    expect(renditionMemoryMiB({ maxBytes: 52_428_800 }, 3)).to.be.within(
      decoderLimits.memoryMiB + 128 + 150,
      decoderLimits.memoryMiB + 128 + 150 + 64,
    );
    expect(renditionMemoryMiB({ maxBytes: 104_857_600 }, 3)).to.equal(1344);
    expect(renditionMemoryMiB({ maxBytes: 1 }, 1)).to.equal(1088);
  });
});
