import { expect } from "chai";
import { hardenSharp } from "../../../../handlers/image/safety";
import { makeRenditions } from "../../../../handlers/image/renditions";
import { spec } from "../../../../tools/bench";
import { hostileFiles } from "../../../../tools/commands";

/** A made file, with hidden items all but the first, as encoders write the tiles of a grid. */
async function withHiddenTiles(name: string): Promise<Buffer> {
  const file = hostileFiles().find((each) => each.name === name)!;
  const body = Buffer.from(await file.body());
  const first = body.indexOf("infe");
  for (let at = body.indexOf("infe", first + 1); at >= 0; at = body.indexOf("infe", at + 1)) body[at + 7] = 1;
  return body;
}
const reasonFor = async (body: Buffer) => {
  const { undecodable } = await makeRenditions(body, [spec(64)], () => undefined);
  return undecodable;
};

describe("an AVIF that is put together from tiles", () => {
  before(hardenSharp);

  it("is decoded, and its bytes stay as they were", async () => {
    const body = await withHiddenTiles("a grid of 20 pictures.avif");
    const before = Buffer.from(body);
    expect(await reasonFor(body)).to.equal(undefined);
    expect(body).to.deep.equal(before);
  });

  it("is not decoded with a hole where one of them is damaged", async () => {
    const body = await withHiddenTiles("a grid of 20 pictures, one damaged.avif");
    expect(await reasonFor(body)).to.match(/^The image cannot be decoded: /);
  });
});
