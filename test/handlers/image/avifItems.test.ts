import { expect } from "chai";
import { codedFrames, itemData } from "../../../handlers/image/avifItems";

/** Each on its own, big-endian. */
const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");
const part = (start: number) => ({ kind: 0, start, end: start });

describe("the items of an AVIF", () => {
  const found = (hex: string, idats = [part(100)]) => {
    const file = Buffer.concat([bytes(hex), Buffer.alloc(200)]);
    file.write("first second", 90, "latin1");
    file.write("inside", 150, "latin1");
    return Object.fromEntries([...itemData(file, [part(0)], idats)].map(([id, data]) => [id, data.toString("latin1")]));
  };

  it("lie in the file, in one extent or several", () => {
    expect(found("00000000 4400 0001 0007 0000 0001 0000005a 00000005")).to.deep.equal({ 7: "first" });
    expect(found("00000000 4400 0001 0007 0000 0002 00000060 00000006 0000005a 00000005")).to.deep.equal({
      7: "secondfirst",
    });
  });

  it("lie behind a base, at offsets of 8 bytes, with indices", () => {
    expect(
      found("02000000 8444 00000001 00000009 0000 0000 0000005a 0001 00000001 0000000000000006 00000006"),
    ).to.deep.equal({ 9: "second" });
  });

  it("lie in idat", () => {
    expect(found("01000000 4400 0001 0007 0001 0000 0001 00000032 00000006")).to.deep.equal({ 7: "inside" });
  });

  it("are not read again and again", () => {
    const extents = "00000000 000000c8".repeat(3);
    expect(() => found(`00000000 4400 0001 0007 0000 0003 ${extents}`)).to.throw(RangeError);
    expect(() => found("00000000 0000 0001 0007 0000 ffff")).to.throw(RangeError);
  });

  it("have as many frames as there are headers of frames", () => {
    expect(codedFrames(bytes("1200 0a01ff 3201ff 3201ff 1a00 3601 02 ffff"), 99)).to.deep.equal({
      units: 6,
      frames: 4,
    });
    expect(codedFrames(bytes("30ff3201ff"), 99)).to.deep.equal({ units: 1, frames: 1 });
    expect(codedFrames(bytes("1200".repeat(50)), 9)).to.deep.equal({ units: 10, frames: 0 });
  });
});
