import { expect } from "chai";
import { listedRenditions } from "../../../handlers/protocol/listedRenditions";
import { imageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import type { ListedImage } from "../../../handlers/protocol/rawImageListProcess";
import type { LiveGeneration, RawRecord } from "../../../handlers/records";

const rendition = (imageType: string) => ({ imageType, format: "webp" as const, bytes: 5, width: 2, height: 1 });
const generation = (id: string): LiveGeneration => ({
  generation: id,
  format: "jpeg",
  renditions: [
    { ...rendition("large"), recipe: "r" },
    { ...rendition("small"), storedAs: "large" },
  ],
});
const record = (original: string, more: Partial<RawRecord>): RawRecord => ({
  original,
  id: original,
  epoch: 0,
  status: "READY",
  createdAt: "2030",
  updatedAt: "2030",
  ...more,
});

/** Records, and the names that were asked of them. */
function stored(...list: RawRecord[]) {
  const asked: string[][] = [];
  const read = (names: string[]) => {
    asked.push(names);
    return Promise.resolve(list.filter(({ original }) => names.includes(original)).reverse());
  };
  return { add: listedRenditions({ read }), asked };
}

/** An entry as the index told it. */
function listed(given: RawRecord): ListedImage {
  const image: Partial<ReturnType<typeof imageStatus>> & ListedImage = imageStatus(given);
  delete image.renditions;
  return image;
}

describe("listedRenditions", () => {
  it("adds those of the generation that is served, and asks for no other name", async () => {
    const ready = record("a.jpg", generation("1"));
    const pending = record("b.jpg", { status: "PROCESSING", live: generation("2"), generation: "3", format: "jpeg" });
    const failed = record("c.jpg", { status: "FAILED", generation: "4", format: "jpeg", reason: "Damaged." });
    const all = [ready, pending, failed, record("d.jpg", { status: "DELETING" })];
    const { add, asked } = stored(...all);
    const { images } = await add({ images: all.map(listed), next: "place" });
    expect(asked).to.deep.equal([["a.jpg", "b.jpg"]]);
    expect(images).to.deep.equal([
      {
        ...listed(ready),
        renditions: [
          { ...rendition("large"), imageId: "large/a.jpg/1.webp" },
          { ...rendition("small"), imageId: "large/a.jpg/1.webp" },
        ],
      },
      {
        ...listed(pending),
        renditions: [
          { ...rendition("large"), imageId: "large/b.jpg/2.webp" },
          { ...rendition("small"), imageId: "large/b.jpg/2.webp" },
        ],
      },
      listed(all[2]!),
      listed(all[3]!),
    ]);
  });

  it("leaves an entry as the index tells it where the record tells of another generation, or of none", async () => {
    const before = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"].map((name) => record(name, generation("1")));
    const { add } = stored(
      record("a.jpg", generation("2")),
      record("b.jpg", { status: "DELETING" }),
      record("c.jpg", { status: "PROCESSING", live: generation("1"), generation: "2", format: "jpeg" }),
    );
    const { images } = await add({ images: before.map(listed) });
    expect(images.map((image) => "renditions" in image)).to.deep.equal([false, false, true, false]);
    for (const at of [0, 1, 3]) expect(images[at]).to.deep.equal(listed(before[at]!));
  });

  it("passes the next page's place on, where there is one", async () => {
    const { add } = stored();
    expect(await add({ images: [], next: "place" })).to.deep.equal({ images: [], next: "place" });
    expect(await add({ images: [] })).to.deep.equal({ images: [] });
  });

  it("ends a page where Lambda could not answer more of them", async () => {
    const many = (name: string, count: number) =>
      record(name, { ...generation("1"), renditions: Array.from({ length: count }, () => rendition("large")) });
    const all = [many("a.jpg", 1_200), many("b.jpg", 800), many("c.jpg", 1), many("d.jpg", 2_001)];
    const { add } = stored(...all);
    const namesOf = async (from: number, next?: string) => {
      const page = await add({ images: all.slice(from).map(listed), ...(next !== undefined && { next }) });
      return [page.images.map(({ object }) => object), page.next];
    };
    expect(await namesOf(0, "after d")).to.deep.equal([["a.jpg", "b.jpg"], "2030 b.jpg"]);
    expect(await namesOf(2)).to.deep.equal([["c.jpg"], "2030 c.jpg"]);
    expect(await namesOf(3)).to.deep.equal([["d.jpg"], undefined]);
  });
});
