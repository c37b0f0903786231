import { expect } from "chai";
import { generationOf, originalKey, uploadTag } from "../../../handlers/protocol/generation";
import type { S3EventMessage } from "../../../handlers/protocol/messages";
import { sweepProcess } from "../../../handlers/protocol/sweepProcess";
import { inMemory, NOW_SECONDS, ready, type HandlersInMemory } from "./handlersInMemory";

const HOUR_MS = 60 * 60 * 1000;
/** Two hours after everything in these tests was stored and recorded, or so many. */
const later = (on: HandlersInMemory, hours = 2) =>
  sweepProcess({ ...on.ports, clock: { now: () => NOW_SECONDS * 1000 + hours * HOUR_MS } });
const object = (body: unknown) =>
  (body as { Records: { s3: { object: { key: string; versionId: string; sequencer: string } } }[] }).Records[0]!.s3
    .object;

/** Delivers all messages until none is left. */
async function settle(on: HandlersInMemory): Promise<void> {
  for (let rest = true; rest;) {
    rest = false;
    for (const [queue, work] of [
      ["PutRawImageQueue", on.put],
      ["PutResolutionBasedImageQueue", on.render],
      ["DeleteResolutionBasedImageQueue", on.clear],
    ] as const) {
      for (const message of on.taken(queue)) {
        rest = true;
        await work(message);
      }
    }
  }
}

describe("sweepProcess", () => {
  it("sends nothing where nothing is lost", async () => {
    const on = inMemory();
    await ready(on);
    await later(on)();
    expect(on.sent).to.deep.equal([]);
  });

  it("leaves alone what may still be on its way", async () => {
    const on = inMemory();
    await on.put(on.upload());
    on.taken("PutResolutionBasedImageQueue");
    await sweepProcess({ ...on.ports, clock: { now: () => 0 } })();
    expect(on.sent).to.deep.equal([]);
  });

  it("finds an upload whose notification was lost", async () => {
    const on = inMemory();
    on.upload();
    await later(on)();
    await settle(on);
    expect(on.record()).to.include({ status: "READY" });
    expect(on.stores.temp.all()).to.deep.equal([]);
  });

  for (const kind of ["good", "bad"] as const) {
    it(`takes an upload for newer that S3 lists after a ${kind} one, though the event of that told a later time`, async () => {
      const on = inMemory();
      const message = on.upload(kind, "1") as S3EventMessage;
      message.Records[0]!.eventTime = new Date((NOW_SECONDS + 5) * 1000).toISOString();
      await on.put(message);
      on.pass(1000);
      on.upload("good", "2");
      await later(on)();
      await settle(on);
      expect(on.record()).to.include({ status: "READY" });
      expect(on.record()!.generation).to.match(new RegExp(`^${uploadTag("v2")}`));
    });
  }

  it("takes lost uploads of one name in as they came, one in each run", async () => {
    const on = inMemory();
    await ready(on, "1");
    on.upload("good", "2");
    on.upload("bad", "3");
    await later(on)();
    const [first] = on.taken("PutRawImageQueue");
    expect(object(first)).to.deep.equal({
      key: "images%2Fa.jpg",
      versionId: "v2",
      sequencer: `${on.record()!.sequencer!.slice(0, -1)}1`,
    });
    await on.put(first);
    await settle(on);
    await later(on, 4)();
    await settle(on);
    expect(on.record()).to.include({ status: "READY", rejectedReason: "No image: bad 3." });
    expect(on.stores.temp.all()).to.deep.equal([]);
    // A real event is newer than those of the sweep.
    await on.put(on.upload("good", "4"));
    await settle(on);
    expect(on.record()).to.include({ status: "READY" });
    expect(on.record()!.sequencer! > on.record()!.rejectedSequencer!).to.equal(true);
  });

  it("takes an upload that is older than what the record knows for overtaken", async () => {
    const on = inMemory();
    on.upload("good", "1");
    on.pass(HOUR_MS / 2);
    await on.put(on.upload("good", "2"));
    await settle(on);
    const { generation } = on.record()!;
    await later(on)();
    await settle(on);
    expect(on.record()).to.include({ status: "READY", generation });
    expect(on.stores.temp.all()).to.deep.equal([]);
  });

  it("takes an upload that is older than a rejected one in, and keeps the rejection's word", async () => {
    const on = inMemory();
    on.upload("good", "1");
    on.pass(HOUR_MS / 2);
    await on.put(on.upload("bad", "2"));
    await later(on)();
    await settle(on);
    expect(on.record()).to.include({ status: "READY", rejectedReason: "No image: bad 2." });
    expect(on.stores.temp.all()).to.deep.equal([]);
  });

  it("takes an upload that is newer than a rejected one in", async () => {
    const on = inMemory();
    await on.put(on.upload("bad", "1"));
    on.pass(HOUR_MS / 2);
    on.upload("good", "2");
    await later(on)();
    await settle(on);
    expect(on.record()).to.include({ status: "READY" });
    expect(on.record()!.sequencer! > on.record()!.rejectedSequencer!).to.equal(true);
  });

  it("leaves an upload alone that came just now, and clears an upload without a name away", async () => {
    const on = inMemory();
    on.upload("good", "1", "");
    on.pass(2 * HOUR_MS);
    on.upload("good", "2");
    await later(on)();
    await settle(on);
    expect(on.record()).to.equal(undefined);
    expect(on.stores.temp.all().map(({ key }) => key)).to.deep.equal(["images/a.jpg"]);
  });

  it("makes nothing again of an image that was given up", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    on.before("images.create", () => {
      throw new Error("the run dies");
    });
    await on.render(message, true).catch(() => undefined);
    expect(on.record()).to.include({ status: "FAILED", givenUp: true });
    await later(on)();
    expect(on.sent).to.deep.equal([]);
  });

  it("does not mind the real event that comes after all", async () => {
    const on = inMemory();
    const late = [on.upload("good", "1"), on.upload("good", "2")];
    for (const hours of [2, 4]) {
      await later(on, hours)();
      await settle(on);
    }
    const before = on.snapshot();
    for (const message of late) await on.put(message);
    await settle(on);
    expect(on.snapshot()).to.equal(before);
  });

  it("sends an upload that keeps failing ever more seldom, and before its last dead letter expires", async () => {
    const on = inMemory();
    on.upload();
    const sentAt: number[] = [];
    const days = 24;
    for (let hour = 0; hour <= 30 * days; hour++) {
      await later(on, hour)();
      if (on.taken("PutRawImageQueue").length > 0) sentAt.push(hour);
    }
    expect(sentAt).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
    const expires = [...sentAt.slice(1), 30 * days];
    expect(Math.max(...expires.map((hour, i) => hour - sentAt[i]!))).to.be.below(14 * days);
  });

  it("sends after a pause what became due meanwhile", async () => {
    const on = inMemory();
    on.upload();
    for (const [hours, sent] of [
      [1, 1],
      [1.9, 0],
      [4.5, 1],
      [7.9, 0],
      [100, 1],
    ] as const) {
      await later(on, hours)();
      expect(on.taken("PutRawImageQueue"), `after ${hours} hours`).to.have.length(sent);
    }
  });

  it("finds what came after the pass before", async () => {
    const on = inMemory();
    await later(on, 0)();
    on.pass(1_000);
    on.upload();
    await later(on)();
    expect(on.taken("PutRawImageQueue")).to.have.length(1);
  });

  it("looks at what an image replaced since that changed, however old its objects are", async () => {
    const on = inMemory();
    await ready(on);
    for (let hours = 1; hours <= 1_000; hours *= 10) await later(on, hours)();
    on.pass(1_000 * HOUR_MS);
    await ready(on, "2");
    on.taken("DeleteResolutionBasedImageQueue");
    await later(on, 1_002)();
    await settle(on);
    expect(on.stores.images.list("raw/")).to.deep.equal([on.record()!.imageId]);
    expect(on.record()).to.not.have.property("superseded");
  });

  it("finds a name that is stuck in PROCESSING", async () => {
    const on = inMemory();
    await on.put(on.upload());
    on.taken("PutResolutionBasedImageQueue");
    await later(on)();
    await settle(on);
    expect(on.record()).to.include({ status: "READY" });
  });

  it("finds an upload that is stuck in PROCESSING beside the image that is served", async () => {
    const on = inMemory();
    await ready(on);
    await on.put(on.upload("good", "2"));
    expect(on.record()).to.include({ status: "PROCESSING" }).and.have.property("live");
    on.taken("PutResolutionBasedImageQueue");
    await later(on)();
    expect(on.taken("PutResolutionBasedImageQueue")).to.have.length(1);
  });

  it("puts a name of the first releases into the list of its status, and asks for it once", async () => {
    const on = inMemory();
    await ready(on);
    const before = on.record()!;
    on.stores.metadata.updateRaw("a.jpg", { when: [], remove: ["statusShard", "listPosition"] });
    await later(on)();
    expect(on.sent.map(({ queue, message }) => [queue, message])).to.deep.equal([
      ["DeleteResolutionBasedImageQueue", { original: "a.jpg", upload: "none" }],
    ]);
    await settle(on);
    expect(on.record()).to.deep.equal(before);
    await later(on)();
    expect(on.sent).to.deep.equal([]);
  });

  it("leaves a name of the first releases to its next run where that changes meanwhile", async () => {
    const on = inMemory();
    await ready(on);
    on.stores.metadata.updateRaw("a.jpg", { when: [], remove: ["statusShard", "listPosition"] });
    await later(on)();
    on.before("metadata.updateRaw", () => on.remove("a.jpg").then(() => undefined));
    await settle(on);
    expect(on.record()).to.include({ status: "DELETED" }).and.not.have.property("statusShard");
  });

  for (const calls of [3, 4, 5]) {
    it(`finishes a DELETE that died after its call ${calls}`, async () => {
      const on = inMemory();
      await ready(on);
      on.upload("good", "2");
      on.failCall(calls, "after");
      await on.remove("a.jpg").catch(() => undefined);
      on.heal();
      on.sent.length = 0;
      await later(on)();
      await settle(on);
      await later(on)();
      await settle(on);
      expect(on.record()).to.include({ status: "DELETED" });
      expect(on.stores.images.list("")).to.deep.equal([]);
      expect(on.stores.temp.all()).to.deep.equal([]);
    });
  }

  it("has objects deleted that a late request stored", async () => {
    const on = inMemory();
    await ready(on);
    const kept = on.stores.images.list("");
    const generation = generationOf("content", "v9");
    for (const key of [
      originalKey("a.jpg", generation, "png"),
      `small/a.jpg/${generation}.webp`,
      `small/b.jpg/${generation}.webp`,
    ]) {
      on.stores.images.create(key, Buffer.from("late"));
    }
    await later(on)();
    await settle(on);
    expect(on.stores.images.list("")).to.deep.equal(kept);
  });

  it("has renditions deleted that a late request stored of a damaged image", async () => {
    const on = inMemory();
    await on.put(on.upload("hollow"));
    await settle(on);
    const { generation } = on.record()!;
    on.stores.images.create(`small/a.jpg/${generation}.webp`, Buffer.from("late"));
    await later(on)();
    await settle(on);
    expect(on.record()).to.include({ status: "FAILED" });
    expect(on.stores.images.list("small/")).to.deep.equal([]);
  });

  it("asks once for all objects of a superseded generation, and passes over keys that are not its own", async () => {
    const on = inMemory();
    await ready(on);
    await ready(on, "2");
    on.stores.images.create("elsewhere", Buffer.from("x"));
    on.sent.length = 0;
    await later(on)();
    const asked = on.taken("DeleteResolutionBasedImageQueue").map((message) => JSON.stringify(message));
    const [manifest] = on.record()!.superseded!;
    expect(new Set(asked)).to.deep.equal(new Set([JSON.stringify({ original: "a.jpg", manifest })]));
    await settle(on);
    expect(on.stores.images.list("elsewhere")).to.have.length(1);
  });

  it("leaves the objects of a live generation alone whose successor failed", async () => {
    const on = inMemory();
    await ready(on);
    const kept = on.stores.images.list("");
    await on.put(on.upload("hollow", "2"));
    await settle(on);
    await later(on)();
    expect(on.sent).to.deep.equal([]);
    expect(on.stores.images.list("")).to.include.members(kept);
  });

  it("has a generation cleared away that was live until READY, where the message about it was lost", async () => {
    const on = inMemory();
    await ready(on);
    await ready(on, "2");
    on.sent.length = 0;
    await later(on)();
    await settle(on);
    expect(on.record()).to.include({ status: "READY" }).and.not.to.have.property("superseded");
    expect(on.stores.images.list("")).to.have.length(3);
  });

  it("keeps the original of an upload that still waits", async () => {
    const on = inMemory();
    on.upload();
    const original = originalKey("a.jpg", generationOf("content", "v1"), "jpeg");
    on.stores.images.create(original, Buffer.from("stored by a run that died"));
    await later(on)();
    expect(on.taken("DeleteResolutionBasedImageQueue")).to.deep.equal([]);
  });

  it("goes on where the last run ended", async () => {
    const on = inMemory();
    // Sixty names fill thirty pages; a run looks at ten.
    for (let i = 0; i < 60; i++) on.upload("good", "1", `${String(i).padStart(2, "0")}.jpg`);
    const keys: string[] = [];
    for (let runs = 0; runs < 3; runs++) {
      await later(on)();
      keys.push(...on.taken("PutRawImageQueue").map((message) => object(message).key));
    }
    expect(new Set(keys).size).to.equal(60);
    expect(keys).to.have.length(60);
  });
});
