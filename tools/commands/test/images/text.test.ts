import { expect } from "chai";

import { imageText, listText, sizeText } from "../../images/text";

describe("the text about an image", () => {
  it("tells sizes as people read them", () => {
    expect([0, 999, 1000, 655_342, 999_499, 1_000_000, 3_835_031].map(sizeText)).to.deep.equal([
      "0 bytes",
      "999 bytes",
      "1 kB",
      "655 kB",
      "999 kB",
      "1.0 MB",
      "3.8 MB",
    ]);
  });

  it("has a line for the image and one for each rendition", () => {
    const renditions = [
      { imageType: "large", url: "https://a/1", format: "jpeg" as const, bytes: 655_342, width: 2016, height: 1512 },
      { imageType: "s", url: "https://a/2", format: "webp" as const, bytes: 900, width: 160, height: 120 },
    ];
    const image = { object: "a b.jpg", status: "READY" as const, format: "jpeg" as const, bytes: 3_835_031 };
    expect(imageText({ ...image, width: 4032, height: 3024, renditions })).to.equal(
      [
        "a b.jpg  READY  4032×3024 jpeg, 3.8 MB",
        "  large  2016×1512  jpeg  655 kB     https://a/1",
        "  s      160×120    webp  900 bytes  https://a/2",
      ].join("\n"),
    );
  });

  it("has a line for each image of a list", () => {
    const times = { createdAt: "2026-01-01T12:00:00.000Z", updatedAt: "2026-01-01T12:00:00.000Z" };
    const size = { width: 4, height: 3, format: "png" as const, bytes: 12 };
    const pending = { status: "FAILED" as const, reason: "Damaged." };
    expect(
      listText([
        { object: "a.png", id: "1", status: "READY", ...size, pending, ...times },
        { object: "b.jpg", id: "2", status: "REJECTED", reason: "No image.", ...times },
      ]),
    ).to.equal(
      [
        "2026-01-01T12:00:00.000Z  a.png  READY, then FAILED  4×3 png, 12 bytes  Damaged.",
        "2026-01-01T12:00:00.000Z  b.jpg  REJECTED                               No image.",
      ].join("\n"),
    );
  });

  it("tells the placeholder and the colour of what is served", () => {
    const preview = { placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI", dominantColour: "#808080" };
    expect(imageText({ object: "a.jpg", status: "READY", renditions: [], ...preview })).to.equal(
      "a.jpg  READY\n  placeholder 1QcSHQRnh493V4dIh4eXh1h4kJUI, most of it #808080",
    );
  });

  it("tells the metadata and the focus that came with the image", () => {
    const image = {
      object: "a.jpg",
      renditions: [],
      status: "READY" as const,
      metadata: { a: [1] },
      focus: { x: 0.5, y: 0 },
    };
    expect(imageText(image)).to.equal('a.jpg  READY\n  metadata {"a":[1]}\n  focus 0.5,0');
  });

  it("tells of the upload that came after the image that is served", () => {
    const pending = { status: "FAILED" as const, reason: "Damaged." };
    const image = { object: "a.jpg", status: "READY" as const, renditions: [], pending };
    expect(imageText(image)).to.equal("a.jpg  READY  the upload after it: FAILED  Damaged.");
  });

  it("tells why an image was rejected", () => {
    const image = { object: "a.jpg", status: "REJECTED" as const, reason: "The file is empty.", renditions: [] };
    expect(imageText(image)).to.equal("a.jpg  REJECTED  The file is empty.");
  });
});
