import { constants, deflateRawSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { areInflatedWithin, isInflatedWithin } from "../../../handlers/image/deflate";

/** Data that ends in no end of a stream, so that more may follow. */
const deflated = (data: Uint8Array, options = {}) =>
  deflateRawSync(data, { ...options, finishFlush: constants.Z_FULL_FLUSH });
const stream = (...pieces: Uint8Array[]) => Buffer.concat([Buffer.of(0x78, 0xda), ...pieces, Buffer.of(3, 0)]);
/** A thousand bytes of each, 60 MB in all. */
const zeros = deflated(Buffer.alloc(60_000_000), { level: 9 });

describe("isInflatedWithin", () => {
  it("follows all that zlib makes to what comes behind it", () => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 5_000, size: "max" }),
      fc
        .array(fc.tuple(fc.nat(255), fc.nat(400)), { maxLength: 100 })
        .map((runs) => Buffer.concat(runs.map(([byte, length]) => Buffer.alloc(length, byte)))),
      fc
        .array(fc.constantFrom("one ", "two ", "three "), { maxLength: 2_000 })
        .map((words) => Buffer.from(words.join(""))),
    );
    const options = fc.record({
      level: fc.integer({ min: 0, max: 9 }),
      memLevel: fc.integer({ min: 1, max: 9 }),
      strategy: fc.constantFrom(
        constants.Z_DEFAULT_STRATEGY,
        constants.Z_FILTERED,
        constants.Z_HUFFMAN_ONLY,
        constants.Z_RLE,
        constants.Z_FIXED,
      ),
    });
    fc.assert(
      fc.property(content, options, (data, how) => {
        const harmless = deflated(data, how);
        const most = harmless.length * 100 + 100_000;
        expect(isInflatedWithin(stream(harmless), most)).to.equal(true);
        expect(isInflatedWithin(stream(harmless, ...Array<Buffer>(10).fill(zeros)), most)).to.equal(false);
      }),
      { numRuns: 200 },
    );
  });

  it("counts what much comes of, and blocks that bring nothing", () => {
    // 60 MB are inflated in 5 ms, and looking at their copies takes as long.
    expect(isInflatedWithin(stream(zeros), 300_000)).to.equal(false);
    expect(isInflatedWithin(stream(zeros), 1_000_000)).to.equal(true);
    const empty = Buffer.alloc(50_000, Buffer.of(0, 0, 0, 0xff, 0xff));
    expect(isInflatedWithin(stream(empty), 200_000)).to.equal(false);
  });

  it("follows copies from as far as they may come, and nothing behind the end", () => {
    const noise = Buffer.from(Array.from({ length: 20_000 }, (_, i) => Math.imul(i * i + 7, 0x9e3779b1) >>> 23));
    const pieces = Array.from({ length: 300 }, (_, i) => noise.subarray((i * 4_999) % 15_000).subarray(0, 30));
    const far = deflated(Buffer.concat([noise, ...pieces]), { level: 9 });
    const most = far.length * 5;
    expect(isInflatedWithin(stream(far, ...Array<Buffer>(10).fill(zeros)), most)).to.equal(false);
    expect(isInflatedWithin(Buffer.concat([stream(far), ...Array<Buffer>(10).fill(zeros)]), most)).to.equal(true);
  });

  it("adds several up", () => {
    const piece = stream(deflated(Buffer.from(Array.from({ length: 9_000 }, (_, i) => (i * i) >> 5))));
    expect(areInflatedWithin([piece, piece, piece], piece.length * 3 * 5.5)).to.equal(true);
    expect(areInflatedWithin([piece, piece, piece], piece.length * 3 * 2)).to.equal(true);
    expect(areInflatedWithin(Array<Buffer>(9).fill(piece), piece.length * 3 * 0.5)).to.equal(false);
  });

  it("leaves damaged data to the decoder", () => {
    const noise = deflated(Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * i) >> 3)));
    for (const damaged of [noise.subarray(0, 2_000), Buffer.alloc(5_000, 0xff), Buffer.alloc(5_000, 0x04)])
      expect(isInflatedWithin(Buffer.concat([Buffer.of(0x78, 0xda), damaged]), 10_000)).to.equal(true);
    expect(isInflatedWithin(new Uint8Array(), 0)).to.equal(true);
  });
});
