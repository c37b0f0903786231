import { expect } from "chai";
import { jpegSegments } from "../../../handlers/image/parts";

describe("a JPEG's segments", () => {
  const scan = Buffer.of(0xff, 0xda, 0, 2);
  const end = Buffer.of(0xff, 0xd9);

  it("are found behind entropy-coded data, whatever the distances between its stuffed bytes and restarts", () => {
    for (const passedOver of [Buffer.of(0xff, 0), Buffer.of(0xff, 0xd3), Buffer.of(0xff, 0xff, 0xff, 0)]) {
      for (const distance of [0, 1, 2, 15, 16, 17, 1_021, 1_022, 1_023, 1_024, 1_025]) {
        const gap = Buffer.alloc(distance, 0x55);
        const data = Buffer.concat(Array.from({ length: 20 }, () => [gap, passedOver]).flat());
        const file = Buffer.concat([Buffer.of(0xff, 0xd8), scan, data, gap, end]);
        const segments = [...jpegSegments(file)].map(({ kind, end }) => ({ kind, end }));
        expect(segments, `${passedOver.toString("hex")} each ${distance}`).to.deep.equal([
          { kind: 0xda, end: 6 },
          { kind: 0xd9, end: file.length },
        ]);
      }
    }
  });

  it("are looked for up to the end of a file that lacks one", () => {
    const file = Buffer.concat([Buffer.of(0xff, 0xd8), scan, Buffer.alloc(2_000, 0x55), Buffer.of(0xff)]);
    expect(() => [...jpegSegments(file)]).to.throw(RangeError);
  });
});
