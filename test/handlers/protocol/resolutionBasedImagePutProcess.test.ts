import { createHash } from "node:crypto";
import { expect } from "chai";
import { resolutionBasedImagePutProcess } from "../../../handlers/protocol/resolutionBasedImagePutProcess";
import { userMetadataOf } from "../../../handlers/protocol/uploadDetails";
import { inMemory, ready, type HandlersInMemory } from "./handlersInMemory";

const outcomes = (on: HandlersInMemory) => on.journal.map(({ outcome }) => outcome);
const renditionsIn = ({ stores }: HandlersInMemory) => stores.images.list("").filter((key) => !key.startsWith("raw/"));

describe("resolutionBasedImagePutProcess", () => {
  it("has a generation cleared away that is not live any more", async () => {
    const on = inMemory();
    await on.put(on.upload("good", "1"));
    const { generation } = on.record()!;
    const [late] = on.taken("PutResolutionBasedImageQueue");
    await ready(on, "2");
    on.taken("DeleteResolutionBasedImageQueue");
    await on.render(late);
    expect(outcomes(on).at(-1)).to.equal("stale");
    const manifest = `${generation}.jpg large.jpg small.webp`;
    expect(on.taken("DeleteResolutionBasedImageQueue")).to.deep.equal([{ original: "a.jpg", manifest }]);
    await on.render(late, false, 2);
    expect(on.taken("DeleteResolutionBasedImageQueue"), "once, though it is superseded too").to.have.length(1);
  });

  it("crops around the focus of the newest generation", async () => {
    const on = inMemory();
    await on.put(on.upload("good", "1", "a.jpg", userMetadataOf({ focus: { x: 0.25, y: 1 } })));
    const [message] = on.taken("PutResolutionBasedImageQueue");
    const seen: unknown[] = [];
    const { makeRenditions } = on.ports;
    const process = resolutionBasedImagePutProcess({
      ...on.ports,
      makeRenditions: (original, specs, store, focus) => {
        seen.push(focus);
        return makeRenditions(original, specs, store, focus);
      },
    });
    await process(message, { lastTry: false, receiveCount: 1 });
    expect(seen).to.deep.equal([{ x: 0.25, y: 1 }]);
  });

  it("makes nothing again of a generation that is READY", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    await on.render(message);
    on.calls.length = 0;
    await on.render(message);
    expect(outcomes(on).at(-1)).to.equal("repeated");
    expect(on.calls).to.deep.equal(["metadata.readRaw"]);
  });

  it("records what only all of an original's bytes tell", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    const render = resolutionBasedImagePutProcess({
      ...on.ports,
      makeRenditions: async (...given) => ({ ...(await on.ports.makeRenditions(...given)), width: 30, height: 40 }),
    });
    await render(message, { lastTry: false, receiveCount: 1 });
    const contentHash = createHash("sha256").update("good 1").digest("hex");
    expect(on.record()).to.include({ status: "READY", contentHash, width: 30, height: 40 });
    await on.put(on.upload("good", "2"));
    expect(on.record()!.live).to.include({ contentHash, width: 30, height: 40 });
    expect(on.record()).to.not.have.property("contentHash");
  });

  it("says FAILED where an original cannot be decoded, and why", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    const undecodable = "The image cannot be decoded: it breaks off. Upload an intact file.";
    const render = resolutionBasedImagePutProcess({
      ...on.ports,
      makeRenditions: () => Promise.resolve({ undecodable, cause: "decoder-crash" }),
    });
    await render(message, { lastTry: false, receiveCount: 1 });
    expect(on.record()).to.include({ status: "FAILED", reason: undecodable });
    expect(on.journal.at(-1)).to.include({ outcome: "failed", reason: undecodable, cause: "decoder-crash" });
  });

  const lastTry = async (on: HandlersInMemory, happens: () => void) => {
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    on.before("images.read", happens);
    await on.render(message, true).catch(() => undefined);
    return message;
  };
  const dies = () => {
    throw new Error("the run dies");
  };
  const givenUp =
    "Its renditions could not be made, though it was tried several times. Send the image again, or ask who runs the service.";

  it("says FAILED before it tries for the last time, and READY when that succeeds", async () => {
    const on = inMemory();
    await lastTry(on, () => expect(on.record()).to.include({ status: "FAILED", reason: givenUp, givenUp: true }));
    expect(on.record()).to.include({ status: "READY" }).and.not.to.have.any.keys("reason", "givenUp");
  });

  it("leaves FAILED when the last try dies, and makes the image READY when its message is moved back", async () => {
    const on = inMemory();
    const message = await lastTry(on, dies);
    expect(on.record()).to.include({ status: "FAILED", reason: givenUp });
    await on.render(message);
    expect(on.record()).to.include({ status: "READY" }).and.not.to.have.any.keys("reason", "givenUp");
    expect(renditionsIn(on)).to.have.length(2);
  });

  it("takes what a slower delivery made although the last try was given up meanwhile", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    on.before("metadata.updateRaw", async () => {
      on.before("images.read", dies);
      await on.render(message, true).catch(() => undefined);
      expect(on.record()).to.include({ status: "FAILED", givenUp: true });
    });
    await on.render(message);
    expect(on.record()).to.include({ status: "READY" });
  });

  it("starts again with the next upload of a name that was given up", async () => {
    const on = inMemory();
    await lastTry(on, dies);
    await on.put(on.upload("good", "2"));
    expect(on.record()).to.include({ status: "PROCESSING" }).and.not.to.have.any.keys("reason", "givenUp");
  });

  it("clears a FAILED generation away again, since the run that found out may have died before", async () => {
    const on = inMemory();
    await on.put(on.upload("hollow"));
    const [message] = on.taken("PutResolutionBasedImageQueue");
    await on.render(message);
    on.stores.images.put(`large/a.jpg/${on.record()!.generation}.jpg`, Buffer.from("left behind"));
    await on.render(message);
    expect(outcomes(on).at(-1)).to.equal("repeated");
    expect(renditionsIn(on)).to.deep.equal([]);
  });

  /** A live generation, and the message about its successor. */
  const withSuccessor = async (kind: "good" | "hollow" = "good") => {
    const on = inMemory();
    await on.put(on.upload("good", "1"));
    const [first] = on.taken("PutResolutionBasedImageQueue");
    await on.render(first);
    const { generation } = on.record()!;
    await on.put(on.upload(kind, "2"));
    const [message] = on.taken("PutResolutionBasedImageQueue");
    const clearing = { original: "a.jpg", manifest: `${generation}.jpg large.jpg small.webp` };
    return { on, first, message, generation, clearing };
  };

  it("supersedes the live generation with READY, and asks for it to be cleared away", async () => {
    const { on, message, clearing } = await withSuccessor();
    await on.render(message);
    expect(on.record()).to.deep.include({ status: "READY", superseded: [clearing.manifest] });
    expect(on.record()).to.not.have.property("live");
    expect(on.taken("DeleteResolutionBasedImageQueue")).to.deep.equal([clearing]);
  });

  it("keeps the live generation when its successor fails", async () => {
    const { on, message, generation } = await withSuccessor("hollow");
    const kept = renditionsIn(on);
    await on.render(message);
    expect(on.record()!.live).to.include({ generation });
    expect(renditionsIn(on)).to.deep.equal(kept);
    expect(on.sent).to.deep.equal([]);
  });

  it("keeps the live generation when its successor is given up", async () => {
    const { on, message, generation } = await withSuccessor();
    on.before("images.read", dies);
    await on.render(message, true).catch(() => undefined);
    expect(on.record()).to.include({ status: "FAILED", givenUp: true });
    expect(on.record()!.live).to.include({ generation });
    await on.render(message);
    expect(on.record()).to.include({ status: "READY" }).and.not.to.have.property("live");
  });

  it("removes nothing of a live generation when its message comes again", async () => {
    const { on, first } = await withSuccessor();
    const before = on.snapshot();
    await on.render(first, false, 2);
    expect(on.snapshot()).to.equal(before);
    expect(outcomes(on).at(-1)).to.equal("repeated");
  });

  it("removes nothing of a generation that another delivery made live meanwhile, and a newer upload followed", async () => {
    const on = inMemory();
    await on.put(on.upload("good", "1"));
    const [message] = on.taken("PutResolutionBasedImageQueue");
    on.before("metadata.updateRaw", async () => {
      await on.render(message);
      await on.put(on.upload("good", "2"));
    });
    await on.render(message);
    expect(on.record()!.live!.renditions).to.have.length(2);
    expect(renditionsIn(on)).to.have.length(2);
  });

  it("asks for what was live until READY where the answer to that update was lost", async () => {
    const { on, message, clearing } = await withSuccessor();
    const { metadata } = on.ports;
    const updateRaw: typeof metadata.updateRaw = async (name, update) => {
      await metadata.updateRaw(name, update);
      return metadata.updateRaw(name, update); // as the SDK repeats it
    };
    const render = resolutionBasedImagePutProcess({ ...on.ports, metadata: { ...metadata, updateRaw } });
    await render(message, { lastTry: false, receiveCount: 1 });
    expect(on.taken("DeleteResolutionBasedImageQueue")).to.deep.equal([clearing]);
  });

  for (const newer of [false, true]) {
    it(`asks for all that waits to be cleared away when it is received again${newer ? ", though overtaken" : ""}`, async () => {
      const { on, message, clearing } = await withSuccessor();
      on.before("deleteQueue.send", dies);
      expect(await on.render(message).catch(String)).to.include("the run dies");
      if (newer) await ready(on, "3");
      on.taken("DeleteResolutionBasedImageQueue");
      await on.render(message, false, 2);
      expect(on.taken("DeleteResolutionBasedImageQueue"))
        .to.have.length(newer ? 2 : 1)
        .and.to.deep.include(clearing);
    });
  }
});
