import { expect } from "chai";
import { rawImageGetProcess } from "../../../handlers/protocol/rawImageGetProcess";
import { imageTypes } from "../../../tools/fault-search";
import { inMemory, ready, type HandlersInMemory } from "./handlersInMemory";

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
        url: `https://images.example/large/a.jpg/${generation}.jpg`,
        format: "jpeg",
        bytes: 15,
        width: 20,
        height: 20,
      },
      {
        imageType: "small",
        url: `https://images.example/small/a.jpg/${generation}.webp`,
        format: "webp",
        bytes: 15,
        width: 2,
        height: 2,
      },
    ]);
  });

  it("keeps the configured order where it is not that of the alphabet", async () => {
    const on = inMemory({ renditions: [...imageTypes].reverse() });
    await ready(on);
    expect((await get(on))!.renditions.map(({ imageType }) => imageType)).to.deep.equal(["small", "large"]);
  });

  it("shows none of the old renditions while a new generation is PROCESSING", async () => {
    const on = inMemory();
    await ready(on, "1");
    await on.put(on.upload("good", "2"));
    const status = await get(on);
    expect([status!.status, status!.renditions]).to.deep.equal(["PROCESSING", []]);
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
