import { expect } from "chai";
import { inMemory, ready, type HandlersInMemory } from "./handlersInMemory";

const outcomes = (on: HandlersInMemory) => on.journal.map(({ outcome }) => outcome);
const renditionsIn = ({ stores }: HandlersInMemory) => stores.images.list("").filter((key) => !key.startsWith("raw/"));

describe("resolutionBasedImagePutProcess", () => {
  it("removes the renditions of a generation that is not live any more", async () => {
    const on = inMemory();
    await on.put(on.upload("good", "1"));
    const [late] = on.taken("PutResolutionBasedImageQueue");
    await ready(on, "2");
    const live = renditionsIn(on);
    await on.render(late);
    expect(outcomes(on).at(-1)).to.equal("stale");
    expect(renditionsIn(on)).to.deep.equal(live).and.to.have.length(2);
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

  it("starts anew with the next upload of a name that was given up", async () => {
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
});
