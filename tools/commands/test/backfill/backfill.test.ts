import { expect } from "chai";

import type { RenditionSpec } from "../../../../handlers/imageTypes";
import { recipeOf } from "../../../../handlers/protocol/recipes";
import type { RawRecord } from "../../../../handlers/records";
import { planText } from "../../backfill/backfill";
import { costOfBackfill } from "../../backfill/estimate";
import { find, type Found } from "../../backfill/find";

const spec: RenditionSpec = { imageType: "large", width: 9, height: 9, fit: "inside", format: "jpeg", quality: 80 };
const rendition = { imageType: "large", format: "jpeg", bytes: 1, width: 9, height: 9 } as const;
const record = (original: string, change: Partial<RawRecord>): RawRecord => ({
  original,
  id: "i",
  epoch: 0,
  status: "READY",
  generation: "0".repeat(48),
  createdAt: "2030-01-01T00:00:00.000Z",
  updatedAt: "2030-01-01T00:00:00.000Z",
  ...change,
});

describe("snail backfill", () => {
  it("finds, from records alone, the images whose renditions differ", async () => {
    const old = { ...rendition, imageType: "old", recipe: "000000" };
    const records = [
      record("same.jpg", { renditions: [{ ...rendition, recipe: recipeOf(spec) }] }),
      record("other.jpg", { renditions: [{ ...rendition, recipe: "000000" }, old], revision: 4 }),
      record("unknown.jpg", { renditions: [rendition] }),
      record("beside.jpg", { status: "FAILED", live: { renditions: [rendition] } }),
      record("deleted.jpg", { status: "DELETING", generation: undefined }),
    ];
    let pages = 0;
    const dynamodb = {
      send: () =>
        Promise.resolve(pages++ === 0 ? { Items: records.map(({ original }) => ({ original: { S: original } })) } : {}),
    };
    const target = { dynamodb, imageMetadataTable: "t" } as unknown as Parameters<typeof find>[0];
    const readRaw = (name: string) => Promise.resolve(records.find(({ original }) => original === name));
    const { due, ...found } = await find(target, { readRaw }, { wanted: [spec], remove: true });
    expect(found).to.deep.equal({ images: 4, unknown: 1, beside: 1, missing: 2, unwanted: 1 });
    expect(due.map(({ original, revision }) => [original, revision])).to.deep.equal([
      ["other.jpg", 4],
      ["unknown.jpg", 0],
    ]);
  });

  it("tells how many, how long and what it costs", () => {
    const due = [1, 2, 3].map(() => ({ original: "a.jpg", generation: "g", revision: 0, wanted: [spec] }));
    const found: Found = { images: 5, due, unknown: 2, beside: 2, missing: 4, unwanted: 2 };
    expect(planText(found, { seconds: 61, usd: 0.5, rate: 5 }).split("\n")).to.deep.equal([
      "3 of 5 images that are served differ: 4 renditions are to be made, 2 to be removed.",
      "Of 2 it is not recorded how their renditions were made: they are made again.",
      "2 are served beside a newer upload that is not READY: they are left alone.",
      "It takes 1 min 1 s or more at 5 images a second, and costs about $0.5000.",
    ]);
  });

  it("speaks of one image as of one", () => {
    const due = [{ original: "a.jpg", generation: "g", revision: 0, wanted: [spec] }];
    const found: Found = { images: 1, due, unknown: 1, beside: 1, missing: 1, unwanted: 0 };
    const estimate = { seconds: 1, usd: 0, rate: 1 };
    expect(planText(found, estimate).split("\n")).to.deep.equal([
      "1 of 1 image that is served differs: 1 rendition is to be made, 0 to be removed.",
      "Of 1 it is not recorded how its renditions were made: they are made again.",
      "1 is served beside a newer upload that is not READY: it is left alone.",
      "It takes 0 min 1 s or more at 1 image a second, and costs about $0.0000.",
    ]);
    expect(planText({ ...found, due: [] }, estimate)).to.equal(
      "1 image is served, and has the renditions that are configured.",
    );
  });

  it("costs in proportion to its images, and more with each rendition", () => {
    const variables = {
      IMAGE_TYPES: JSON.stringify([
        { width: 9, height: 9 },
        { width: 9, height: 9 },
      ]),
    };
    const inputs = { environment: { variables }, memorySize: 2048 };
    const stack = [{ type: "aws:lambda/function:Function", name: "ResolutionBasedImagePutProcess", inputs }];
    const one = costOfBackfill(stack, { images: 1000, made: 2 });
    expect(costOfBackfill(stack, { images: 2000, made: 2 })).to.be.closeTo(2 * one, 1e-9);
    const puts = 2 * 1000 * 0.000005;
    expect(costOfBackfill(stack, { images: 1000, made: 4 }) - one).to.be.at.least(puts - 1e-9);
  });

  it("costs as much more with each further set of renditions as with the one before", () => {
    const costOf = (sets: number): number => {
      const types = Array.from({ length: sets }, () => [2016, 1280, 640, 320, 160]).flat();
      const variables = { IMAGE_TYPES: JSON.stringify(types.map((side) => ({ width: side, height: side }))) };
      const inputs = { environment: { variables }, memorySize: 2048 };
      const stack = [{ type: "aws:lambda/function:Function", name: "ResolutionBasedImagePutProcess", inputs }];
      return costOfBackfill(stack, { images: 1e6, made: types.length });
    };
    expect(costOf(3) - costOf(2)).to.be.closeTo(costOf(2) - costOf(1), 1e-6);
  });
});
