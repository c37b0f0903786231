import { expect } from "chai";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import { rawImageGetProcess } from "../../../handlers/protocol/rawImageGetProcess";
import { userMetadataOf } from "../../../handlers/protocol/uploadDetails";
import { imageTypes, inMemory, ready, type HandlersInMemory } from "./handlersInMemory";

describe("rawImageGetProcess", () => {
  const get = (on: HandlersInMemory) => rawImageGetProcess(on.ports)("a.jpg");

  it("knows nothing of a name that was never uploaded", async () => {
    expect(await get(inMemory())).to.equal(undefined);
  });

  it("tells that an upload waits, of a new name and of one that was deleted", async () => {
    const on = inMemory();
    const message = on.upload();
    const uploaded = { object: "a.jpg", status: "UPLOADED", renditions: [] };
    expect(await get(on)).to.deep.equal(uploaded);
    await on.put(message);
    expect(await get(on)).to.include({ status: "PROCESSING" });
    await on.remove("a.jpg");
    for (const deletion of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(deletion);
    expect(await get(on)).to.include({ status: "DELETED" });
    on.upload("good", "2");
    expect(await get(on)).to.deep.equal(uploaded);
  });

  it("tells of an image that was taken in while it looked for a waiting upload", async () => {
    const on = inMemory();
    const message = on.upload();
    on.before("temp.versions", () => on.put(message));
    expect(await get(on)).to.include({ status: "PROCESSING" });
  });

  it("tells of a READY image with its renditions in the configured order", async () => {
    const on = inMemory();
    await ready(on);
    const { generation } = on.record()!;
    const status = await get(on);
    expect(status).to.deep.include({
      object: "a.jpg",
      status: "READY",
      generation,
      format: "jpeg",
      width: 40,
      height: 30,
    });
    expect(status!.renditions).to.deep.equal([
      {
        imageType: "large",
        imageId: `large/a.jpg/${generation}.jpg`,
        format: "jpeg",
        bytes: 19,
        width: 20,
        height: 15,
      },
      {
        imageType: "small",
        imageId: `small/a.jpg/${generation}.webp`,
        format: "webp",
        bytes: 18,
        width: 2,
        height: 2,
      },
    ]);
  });

  it("tells the metadata and the focus of the image that is served, and those of its successor beside it", async () => {
    const on = inMemory();
    const first = { metadata: '{"b":[1],"a":{}}', focus: { x: 0, y: 1 } };
    const second = { metadata: "{}" };
    await on.put(on.upload("good", "1", "a.jpg", userMetadataOf(first)));
    const told = { metadata: { b: [1], a: {} }, focus: { x: 0, y: 1 } };
    expect(await get(on)).to.deep.include({ status: "PROCESSING", ...told });
    for (const message of on.taken("PutResolutionBasedImageQueue")) await on.render(message);
    expect(await get(on)).to.deep.include({ status: "READY", ...told });
    await on.put(on.upload("good", "2", "a.jpg", userMetadataOf(second)));
    const { generation, uploadedAt } = on.record()!;
    const pending = { status: "PROCESSING", generation, metadata: {}, uploadedAt };
    expect(await get(on)).to.deep.include({ status: "READY", ...told, pending });
    for (const message of on.taken("PutResolutionBasedImageQueue")) await on.render(message);
    expect(await get(on))
      .to.deep.include({ status: "READY", metadata: {} })
      .and.not.to.have.property("focus");
  });

  it("keeps the configured order where it is not that of the alphabet", async () => {
    const on = inMemory({ renditions: [...imageTypes].reverse() });
    await ready(on);
    expect((await get(on))!.renditions.map(({ imageType }) => imageType)).to.deep.equal(["small", "large"]);
  });

  it("has a rendition for each format of an image type, in the configured order", async () => {
    const [large, small] = imageTypes as [RenditionSpec, RenditionSpec];
    const on = inMemory({ renditions: [{ ...large, format: "avif" }, large, small] });
    await ready(on);
    const { renditions } = (await get(on))!;
    const keys = renditions.map(({ imageId }) => imageId.replace(/a.jpg.*[.]/g, ""));
    expect(renditions.map(({ imageType, format }) => `${imageType} ${format}`)).to.deep.equal([
      "large avif",
      "large jpeg",
      "small webp",
    ]);
    expect(keys).to.deep.equal(["large/avif", "large/jpg", "small/webp"]);
  });

  it("tells of renditions that share an object under its key", async () => {
    const [large, small] = imageTypes as [RenditionSpec, RenditionSpec];
    const on = inMemory({ renditions: [large, small, { ...small, format: "jpeg" }] });
    await on.put(on.upload("dot"));
    for (const message of on.taken("PutResolutionBasedImageQueue")) await on.render(message);
    const { generation } = on.record()!;
    const shared = { imageId: `large/a.jpg/${generation}.jpg`, format: "jpeg", bytes: 16, width: 2, height: 2 };
    const [first, , third] = (await get(on))!.renditions;
    expect([first, third]).to.deep.equal([
      { imageType: "large", ...shared },
      { imageType: "small", ...shared },
    ]);
  });

  /** A READY image, and the answer about it after another upload was taken in. */
  const withSuccessor = async (kind: "good" | "hollow") => {
    const on = inMemory();
    await ready(on, "1");
    const image = await get(on);
    await on.put(on.upload(kind, "2"));
    return { on, image };
  };

  it("goes on telling of a READY image while its successor is pending", async () => {
    const { on, image } = await withSuccessor("good");
    const { generation, uploadedAt } = on.record()!;
    const pending = { status: "PROCESSING", generation, uploadedAt };
    expect(await get(on)).to.deep.include({ ...image, pending });
    for (const message of on.taken("PutResolutionBasedImageQueue")) await on.render(message);
    const after = await get(on);
    expect(after).to.include({ status: "READY", generation }).and.not.to.have.property("pending");
  });

  it("goes on telling of a READY image whose successor failed, and why that did", async () => {
    const { on, image } = await withSuccessor("hollow");
    for (const message of on.taken("PutResolutionBasedImageQueue")) await on.render(message);
    const { generation, uploadedAt, reason } = on.record()!;
    const pending = { status: "FAILED", reason, generation, uploadedAt };
    expect(reason).to.equal("The image's pixels are damaged. Save it in another program and send it again.");
    expect(await get(on))
      .to.deep.include({ ...image, pending })
      .and.not.to.have.property("reason");
    await on.put(on.upload("bad", "3"));
    expect(await get(on)).to.deep.include({ ...image, pending, reason: "No image: bad 3." });
  });

  it("tells why a later upload was rejected, until a newer one is accepted", async () => {
    const on = inMemory();
    await ready(on, "1");
    await on.put(on.upload("bad", "2"));
    expect(await get(on)).to.deep.include({ status: "READY", reason: "No image: bad 2." });
    await ready(on, "3");
    expect((await get(on))!.reason).to.equal(undefined);
  });

  it("tells when a name was deleted", async () => {
    const on = inMemory();
    on.upload();
    await on.remove("a.jpg");
    const status = await get(on);
    expect(status).to.deep.include({ status: "DELETED", deletedAt: "2030-01-01T00:00:00.000Z", renditions: [] });
  });
});
