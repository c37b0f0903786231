import { expect } from "chai";

import type { RawRecord } from "../../../../handlers/records";
import { generationsOf } from "../../operate/generationFacts";
import { whyText } from "../../operate/whyText";

describe("the objects of an image whose renditions are made just now", () => {
  const id = "0".repeat(48);
  const box = { width: 9, height: 9, fit: "inside", quality: 80 } as const;
  const record: RawRecord = {
    original: "a.jpg",
    id: "i",
    epoch: 0,
    status: "PROCESSING",
    generation: id,
    format: "jpeg",
    expected: [
      { ...box, imageType: "large", format: "auto" },
      { ...box, imageType: "small", format: "auto" },
      { ...box, imageType: "small", format: "avif" },
    ],
    createdAt: "2030-01-01T00:00:00.000Z",
    updatedAt: "2030-01-01T00:00:00.000Z",
  };
  const there = [`raw/a.jpg/${id}.jpg`, `large/a.jpg/${id}.webp`];
  const s3 = {
    send: ({ input: { Key } }: { input: { Key: string } }) =>
      there.includes(Key)
        ? Promise.resolve({})
        : Promise.reject(Object.assign(new Error("no such key"), { name: "NotFound" })),
  };
  const find = () =>
    generationsOf({ s3, imagesBucket: "b" } as unknown as Parameters<typeof generationsOf>[0], "a.jpg", record);

  it("lack no format that a rendition does without", async () => {
    expect(await find()).to.deep.equal([
      {
        generation: id,
        role: "newest",
        present: there,
        missing: [`small/a.jpg/${id}.jpg or .webp`, `small/a.jpg/${id}.avif`],
      },
    ]);
  });

  it("are not told to be missing, since they come", async () => {
    const facts = { name: "a.jpg", record, generations: await find(), uploads: [], deadLetters: [], queues: [] };
    expect(whyText({ ...facts, tries: [], log: [] }, [], "")).to.include(`\n  not yet  small/a.jpg/${id}.avif`);
  });
});
