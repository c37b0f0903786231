import { expect } from "chai";
import sharp from "sharp";

import { release } from "../../handlers/garbage";

describe("release", () => {
  it("gives the memory of bytes back, those of native code too", async () => {
    const pixels = await sharp({ create: { width: 100, height: 100, channels: 3, background: "red" } })
      .raw()
      .toBuffer();
    const before = process.memoryUsage().external;
    release(pixels);
    expect(pixels.byteLength).to.equal(0);
    expect(before - process.memoryUsage().external).to.be.above(29_000);
  });

  it("leaves alone what shares its memory with others", () => {
    const whole = Buffer.from("whole");
    const shared = Buffer.allocUnsafeSlow(10);
    const part = shared.subarray(0, 5);
    const given = new Uint8Array(new SharedArrayBuffer(3));
    for (const bytes of [whole, part, given]) release(bytes);
    expect([whole, part, given].map(({ byteLength }) => byteLength)).to.deep.equal([5, 5, 3]);
  });
});
