import { expect } from "chai";
import { hardenSharp } from "../../../handlers/image/safety";
import { makeRenditions } from "../../../handlers/image/renditions";
import { sharing } from "../../../handlers/image/sharing";
import { targetOf, type Size } from "../../../handlers/image/sizes";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import { recipeOf } from "../../../handlers/protocol/recipes";
import { resolutionBasedImagePutProcess } from "../../../handlers/protocol/resolutionBasedImagePutProcess";
import { longEdges, renditionsOf, spec } from "../../../tools/bench";
import { inMemory } from "../protocol/handlersInMemory";
import { corners } from "./files";
import { watchPipelines } from "./pipelines";

/** The image types that share, by name. */
const groups = (original: Size, specs: RenditionSpec[], opaque = true): string[] =>
  sharing(
    specs.map((each) => targetOf(original, each)),
    opaque,
  ).map((group) => group.map(({ spec: { imageType } }) => imageType).join(" "));

/** How often pixels are encoded while `work` runs. */
async function encodesDuring(work: () => Promise<unknown>): Promise<number> {
  let encodes = 0;
  await watchPipelines(({ options }) => {
    if (options.formatOut !== "raw") encodes += 1;
  }, work);
  return encodes;
}

describe("renditions that show the same", () => {
  before(hardenSharp);
  const edges = longEdges.map((edge) => spec(edge));

  it("are encoded once and stored once, of an original that fits into all five boxes", async () => {
    const on = inMemory({ renditions: edges });
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    const original = await corners(160, 120).jpeg().toBuffer();
    const images = { ...on.ports.images, read: () => Promise.resolve(original) };
    const render = resolutionBasedImagePutProcess({ ...on.ports, images, makeRenditions });
    on.calls.length = 0;
    expect(await encodesDuring(() => render(message, { lastTry: false, receiveCount: 1 }))).to.equal(1);
    expect(on.calls.filter((call) => call === "images.create")).to.have.length(1);

    const { generation, renditions = [] } = on.record()!;
    const [key = ""] = on.stores.images.list("edge");
    expect(on.stores.images.list("edge")).to.deep.equal([`edge2016/a.jpg/${generation}.jpg`]);
    const bytes = on.stores.images.read(key)!.byteLength;
    const made = { format: "jpeg", bytes, width: 160, height: 120 };
    expect(renditions).to.deep.equal([
      { imageType: "edge2016", ...made, recipe: recipeOf(edges[0]!) },
      ...edges.slice(1).map((spec) => {
        const { imageType } = spec;
        return { imageType, storedAs: "edge2016", ...made, recipe: recipeOf(spec) };
      }),
    ]);
    expect(on.journal.at(-1)).to.include({ outcome: "ready", renditions: 5, bytes });
  });

  it("are those whose boxes the original fits, and come with the first that is configured", () => {
    expect(groups({ width: 640, height: 480 }, edges)).to.deep.equal([
      "edge2016 edge1280 edge640",
      "edge320",
      "edge160",
    ]);
    const reversed = [...edges].reverse();
    expect(groups({ width: 640, height: 480 }, reversed)).to.deep.equal([
      "edge160",
      "edge320",
      "edge640 edge1280 edge2016",
    ]);
    expect(groups({ width: 4032, height: 3024 }, edges)).to.have.length(5);
  });

  const named = (imageType: string, edge: number, more: Partial<RenditionSpec> = {}): RenditionSpec => ({
    ...spec(edge),
    imageType,
    ...more,
  });
  const small = { width: 100, height: 80 };
  for (const [title, one, other, together] of [
    ["types that are simply equal", named("a", 50), named("b", 50), true],
    ["other qualities", named("a", 200), named("b", 300, { quality: 70 }), false],
    ["other formats", named("a", 200), named("b", 300, { format: "webp" }), false],
    ["`auto` of an opaque picture, and what it becomes", named("a", 200, { format: "auto" }), named("b", 300), true],
    ["an enlarged one", named("a", 200), named("b", 300, { enlarge: true }), false],
    ["one that need not be enlarged", named("a", 50, { enlarge: true }), named("b", 50), true],
    ["boxes of other proportions that come to one size", named("a", 50), named("b", 50, { height: 40 }), true],
    ["a box that `cover` need not crop", named("a", 200), named("b", 300, { fit: "cover" }), true],
    ["a part and the whole", named("a", 50, { height: 40 }), named("b", 50, { fit: "cover" }), false],
    ["the same part", named("a", 50, { fit: "cover" }), named("b", 50, { fit: "cover", position: "centre" }), true],
    [
      "other parts",
      named("a", 50, { fit: "cover", position: "focus" }),
      named("b", 50, { fit: "cover", position: "entropy" }),
      false,
    ],
  ] as const) {
    it(`${together ? "are" : "are not"}: ${title}`, async () => {
      expect(groups(small, [one, other])).to.deep.equal(together ? ["a b"] : ["a", "b"]);
      const original = await corners(small.width, small.height).png().toBuffer();
      const [first, second] = await renditionsOf(original, [one, other]);
      const [alone] = await renditionsOf(original, [other]);
      expect(second!.sameAs).to.equal(together ? one : undefined);
      expect(second!.body === first!.body).to.equal(together);
      if (together) expect(second!.body, "made by itself it is the same").to.deep.equal(alone!.body);
    });
  }

  it("are not: `auto` of a transparent picture, and JPEG", () => {
    const types = [named("a", 200, { format: "auto" }), named("b", 300), named("c", 200, { format: "webp" })];
    expect(groups(small, types, false)).to.deep.equal(["a c", "b"]);
  });
});
