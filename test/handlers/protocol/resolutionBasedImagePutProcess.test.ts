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
