import { expect } from "chai";
import { generationOf, originalKey, uploadTag } from "../../../handlers/protocol/generation";
import { resolutionBasedImageDeleteProcess } from "../../../handlers/protocol/resolutionBasedImageDeleteProcess";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import { imageTypes, inMemory, NOW_SECONDS, ready, type HandlersInMemory } from "./handlersInMemory";

describe("rawImageDeleteProcess", () => {
  it("knows nothing of a name that was never uploaded, and makes no record of it", async () => {
    const on = inMemory();
    expect(await on.remove("a.jpg")).to.equal(undefined);
    expect(on.stores.metadata.names()).to.deep.equal([]);
  });

  it("cancels the first upload of a name while it waits", async () => {
    const on = inMemory();
    on.upload();
    expect(await on.remove("a.jpg")).to.deep.include({ status: "DELETED", epoch: NOW_SECONDS });
    expect(on.stores.temp.all()).to.deep.equal([]);
  });

  it("takes the original away at once, and asks for the rest by message", async () => {
    const on = inMemory();
    await ready(on);
    const { generation } = on.record()!;
    expect(await on.remove("a.jpg")).to.deep.include({ status: "DELETING", epoch: NOW_SECONDS });
    expect(on.stores.images.list("raw/")).to.deep.equal([]);
    const manifest = `${generation}.jpg large.jpg small.webp`;
    expect(on.taken("DeleteResolutionBasedImageQueue")).to.deep.equal([{ original: "a.jpg", manifest }]);
    expect(on.record()!.generation).to.equal(undefined);
  });

  it("takes the live generation away together with the one that is pending", async () => {
    const on = inMemory();
    await ready(on);
    const { generation: live } = on.record()!;
    await on.put(on.upload("good", "2"));
    const { generation: pending } = on.record()!;
    const record = await on.remove("a.jpg");
    const manifests = [live, pending].map((generation) => `${generation}.jpg large.jpg small.webp`);
    expect(record!.superseded).to.have.members(manifests);
    expect(record).to.not.have.any.keys("generation", "live");
    expect(on.stores.images.list("raw/")).to.deep.equal([]);
    for (const message of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(message);
    expect(on.record()).to.include({ status: "DELETED" });
    expect(on.stores.images.list("")).to.deep.equal([]);
  });

  it("does all of it again when it is repeated", async () => {
    const on = inMemory();
    await ready(on);
    await on.remove("a.jpg");
    on.taken("DeleteResolutionBasedImageQueue");
    expect(await on.remove("a.jpg")).to.deep.include({ status: "DELETING", epoch: NOW_SECONDS + 1 });
    expect(on.taken("DeleteResolutionBasedImageQueue")).to.have.length(1);
  });

  it("keeps the time of the first DELETE when a deleted name is deleted again", async () => {
    const on = inMemory();
    on.upload();
    await on.remove("a.jpg");
    on.pass(1_000);
    const repeated = await on.remove("a.jpg");
    expect(repeated).to.deep.include({
      status: "DELETED",
      epoch: NOW_SECONDS + 1,
      deletedAt: "2030-01-01T00:00:00.000Z",
    });
    expect(repeated!.expiresAt).to.equal(Date.parse("2030-01-31T00:00:01Z") / 1000);
  });

  it("deletes what is recorded while it works", async () => {
    const on = inMemory();
    const message = on.upload();
    on.before("metadata.updateRaw", () => on.put(message));
    expect(await on.remove("a.jpg")).to.deep.include({ status: "DELETING" });
    for (const next of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(next);
    expect(on.record()).to.deep.include({ status: "DELETED" });
    expect(on.stores.images.list("")).to.deep.equal([]);
  });

  describe("of more uploads than a record can name", () => {
    const uploads = (on: HandlersInMemory, count: number): unknown[] =>
      Array.from({ length: count }, (_, i) => {
        on.pass(1_000);
        return on.upload("good", String(i));
      });
    /** Version ids in memory have two characters: a record can name two. */
    const room = { superseded: 1_000, cancelled: 6 };

    it("names the newest, and cancels the others by their time", async () => {
      const on = inMemory({ room });
      uploads(on, 4);
      on.before("temp.delete", () => {
        const at = new Date((NOW_SECONDS + 4) * 1000).toISOString();
        expect(on.record()).to.deep.include({ status: "DELETING", cancelled: ["v4"], cancelledBefore: at });
      });
      expect(await on.remove("a.jpg")).to.deep.include({ status: "DELETED" });
      expect(on.stores.temp.all()).to.deep.equal([]);
      expect(on.record()).to.not.have.any.keys("cancelled", "cancelledBefore");
    });

    it("is done with them though a later upload waits", async () => {
      const on = inMemory({ room });
      uploads(on, 4);
      on.before("metadata.updateRaw", () => void uploads(on, 1));
      expect(await on.remove("a.jpg")).to.deep.include({ status: "DELETED" });
      expect(on.stores.temp.all().map(({ versionId }) => versionId)).to.deep.equal(["v5"]);
      expect(on.record()).to.not.have.any.keys("cancelled", "cancelledBefore");
    });

    it("takes in none of them, though it dies before it removes one", async () => {
      const on = inMemory({ room });
      const messages = uploads(on, 4);
      on.failCall(4, "before");
      await on.remove("a.jpg").catch(() => undefined);
      on.heal();
      expect(on.stores.temp.all()).to.have.length(4);
      for (const message of messages) await on.put(message);
      expect(on.record()).to.deep.include({ status: "DELETED" });
      expect(on.journal.map(({ outcome }) => outcome)).to.deep.equal(Array(4).fill("cancelled"));
    });

    it("takes in the one that comes after it", async () => {
      const on = inMemory({ room });
      uploads(on, 4);
      on.failCall(4, "before");
      await on.remove("a.jpg").catch(() => undefined);
      on.heal();
      const [later] = uploads(on, 1);
      await on.put(later);
      expect(on.record()?.generation).to.match(new RegExp(`^${uploadTag("v5")}`));
    });

    it("removes a part, says so when its time is up, and goes on when it is repeated", async () => {
      const on = inMemory({ room });
      uploads(on, 2_500);
      const versions = () => on.stores.temp.all().length;
      on.before("metadata.updateRaw", () => void on.pass(16_000));
      const failure: unknown = await on.remove("a.jpg").catch((error: unknown) => error);
      expect(failure).to.include({
        name: "DeletionUnfinished",
        message: "a.jpg: 1499 of 2500 uploads are left",
      });
      expect([versions(), on.record()?.status]).to.deep.equal([1_499, "DELETING"]);
      expect(await on.remove("a.jpg")).to.deep.include({ status: "DELETED" });
      expect(versions()).to.equal(0);
    });
  });

  it("forgets why an upload was rejected", async () => {
    const on = inMemory();
    await on.put(on.upload("bad"));
    const record = await on.remove("a.jpg");
    expect(record).to.deep.include({ status: "DELETED" });
    expect(record!.rejectedReason).to.equal(undefined);
  });
});

describe("resolutionBasedImageDeleteProcess", () => {
  it("leaves nothing of a deleted name but a receipt that expires after 30 days", async () => {
    const on = inMemory();
    await ready(on);
    await on.remove("a.jpg");
    for (const message of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(message);
    const expiresAt = Date.parse("2030-01-31T00:00:00Z") / 1000;
    expect(on.record()).to.deep.include({ status: "DELETED", expiresAt, deletedAt: "2030-01-01T00:00:00.000Z" });
    expect(on.stores.images.list("")).to.deep.equal([]);
  });

  it("deletes an object that renditions share, and has edge caches forget it, once", async () => {
    const [large, small] = imageTypes as [RenditionSpec, RenditionSpec];
    const on = inMemory({ renditions: [large, small, { ...small, format: "jpeg" }] });
    await on.put(on.upload("dot"));
    for (const message of on.taken("PutResolutionBasedImageQueue")) await on.render(message);
    const { generation } = on.record()!;
    const keys = [`large/a.jpg/${generation}.jpg`, `small/a.jpg/${generation}.webp`];
    expect(on.stores.images.list("")).to.deep.equal([keys[0], `raw/a.jpg/${generation}.jpg`, keys[1]]);
    await on.remove("a.jpg");
    const forgotten: string[][] = [];
    const forget = (imageIds: string[]) => Promise.resolve(void forgotten.push(imageIds));
    const clear = resolutionBasedImageDeleteProcess({ ...on.ports, edgeCaches: { forget } });
    for (const message of on.taken("DeleteResolutionBasedImageQueue")) await clear(message);
    expect(on.stores.images.list("")).to.deep.equal([]);
    expect(forgotten).to.deep.equal([keys]);
    expect(on.record()).to.include({ status: "DELETED" });
  });

  it("touches nothing where the generation is live", async () => {
    const on = inMemory();
    await ready(on);
    const before = on.snapshot();
    await on.clear({ original: "a.jpg", manifest: `${on.record()!.generation}.jpg large.jpg small.webp` });
    expect(on.snapshot()).to.equal(before);
    expect(on.journal.at(-1)!.outcome).to.equal("stale");
  });

  it("touches nothing where the generation is live beside a newer one", async () => {
    const on = inMemory();
    await ready(on);
    const { generation } = on.record()!;
    await on.put(on.upload("good", "2"));
    const before = on.snapshot();
    await on.clear({ original: "a.jpg", manifest: `${generation}.jpg large.jpg small.webp` });
    await on.clear({ original: "a.jpg", upload: "v1" });
    expect(on.snapshot()).to.equal(before);
  });

  it("clears the old generation away and keeps the new one", async () => {
    const on = inMemory();
    await ready(on, "1");
    await ready(on, "2");
    for (const message of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(message);
    const { status, generation, superseded } = on.record()!;
    expect([status, superseded]).to.deep.equal(["READY", undefined]);
    expect(on.stores.images.list("")).to.have.length(3);
    expect(on.stores.images.list("").every((key) => key.includes(generation!))).to.equal(true);
  });

  it("has edge caches forget the renditions after these are gone, and before the generation leaves superseded", async () => {
    const on = inMemory();
    await ready(on, "1");
    const { generation } = on.record()!;
    const renditions = [`large/a.jpg/${generation}.jpg`, `small/a.jpg/${generation}.webp`];
    on.stores.edgeCaches.tell(renditions);
    await ready(on, "2");
    const [message] = on.taken("DeleteResolutionBasedImageQueue");
    on.before("edgeCaches.forget", () => {
      expect(on.stores.images.list("").filter((key) => key.includes(generation!))).to.deep.equal([]);
      throw new Error("too many invalidations");
    });
    const failure = await on.clear(message).catch((error: unknown) => error);
    expect(String(failure)).to.equal("Error: too many invalidations");
    expect(on.record()!.superseded).to.have.length(1);
    expect(on.stores.edgeCaches.list()).to.deep.equal(renditions);
    await on.clear(message);
    expect(on.record()!.superseded).to.equal(undefined);
    expect(on.stores.edgeCaches.list()).to.deep.equal([]);
  });

  it("refuses a text that is not a manifest", async () => {
    const failure = await inMemory()
      .clear({ original: "a.jpg", manifest: "nonsense" })
      .catch((error: unknown) => String(error));
    expect(failure).to.include('not a generation\'s manifest: "nonsense"');
  });
});

describe("resolutionBasedImagePutProcess", () => {
  it("is READY, with its renditions, only after every object is stored", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    on.before("metadata.updateRaw", () => {
      expect(on.stores.images.list("large/")).to.have.length(1);
      expect(on.stores.images.list("small/")).to.have.length(1);
      expect(on.record()).to.include({ status: "PROCESSING" }).and.not.to.have.property("renditions");
    });
    await on.render(message);
    expect(on.record()).to.include({ status: "READY" }).and.not.to.have.property("expected");
    expect(on.record()!.renditions).to.deep.equal([
      { imageType: "large", format: "jpeg", bytes: 19, width: 20, height: 15, recipe: "m5tXgJ" },
      { imageType: "small", format: "webp", bytes: 18, width: 2, height: 2, recipe: "WsybKq" },
    ]);
  });

  it("has cleared away what it made when the name was deleted meanwhile", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    on.before("images.create", async () => {
      await on.remove("a.jpg");
    });
    await on.render(message);
    for (const deletion of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(deletion);
    expect(on.stores.images.list("")).to.deep.equal([]);
  });

  it("records nothing over a newer generation", async () => {
    const on = inMemory();
    await on.put(on.upload("good", "1"));
    const [older] = on.taken("PutResolutionBasedImageQueue");
    on.before("images.create", () => ready(on, "2"));
    await on.render(older);
    for (const deletion of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(deletion);
    const { generation, renditions } = on.record()!;
    expect(generation?.slice(0, 16)).to.equal(uploadTag("v2"));
    expect(renditions).to.have.length(2);
    expect(on.stores.images.list("").every((key) => key.includes(generation!) || key.startsWith("raw/"))).to.equal(
      true,
    );
  });

  it("says FAILED with a reason when the original cannot be decoded, and keeps no rendition", async () => {
    const on = inMemory();
    await on.put(on.upload("hollow"));
    for (const message of on.taken("PutResolutionBasedImageQueue")) await on.render(message);
    const reason = "The image's pixels are damaged. Save it in another program and send it again.";
    expect(on.record()).to.deep.include({ status: "FAILED", reason });
    expect(on.stores.images.list("")).to.deep.equal([on.record()!.imageId]);
  });

  it("leaves the original of an upload that was recorded, though a message calls it a leftover", async () => {
    const on = inMemory();
    await ready(on);
    await on.clear({ original: "a.jpg", upload: "v1" });
    expect(on.stores.images.list("raw/")).to.deep.equal([on.record()!.imageId]);
    expect(on.journal.at(-1)).to.deep.include({ outcome: "stale" });
  });

  it("deletes what was stored of another upload of the name, and of no other", async () => {
    const on = inMemory();
    await ready(on);
    const leftover = originalKey("a.jpg", generationOf("content", "v9"), "png");
    for (const key of [leftover, originalKey("a.jpg", generationOf("content", "v8"), "png")]) {
      on.stores.images.create(key, Buffer.from("x"));
    }
    await on.clear({ original: "a.jpg", upload: "v9" });
    expect(on.stores.images.list("raw/")).to.have.length(2).and.not.include(leftover);
  });
});
