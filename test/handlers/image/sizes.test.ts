import { expect } from "chai";
import fc from "fast-check";
import sharp from "sharp";
import { targetOf } from "../../../handlers/image/sizes";
import type { RenditionSpec } from "../../../handlers/imageTypes";

describe("targetOf", () => {
  const side = fc.integer({ min: 1, max: 300 });
  const specs = fc.record({
    width: side,
    height: side,
    fit: fc.constantFrom("inside" as const, "cover" as const),
    enlarge: fc.boolean(),
  });

  it("gives the very sizes that sharp makes", async () => {
    await fc.assert(
      fc.asyncProperty(side, side, specs, async (width, height, { enlarge, ...box }) => {
        const image = sharp({ create: { width, height, channels: 3, background: "red" } });
        const { info } = await image
          .resize({ ...box, withoutEnlargement: !enlarge })
          .raw()
          .toBuffer({ resolveWithObject: true });
        const { size } = targetOf({ width, height }, { ...box, enlarge } as RenditionSpec);
        expect(size).to.deep.equal({ width: info.width, height: info.height });
      }),
      { numRuns: 500 },
    );
  });
});
