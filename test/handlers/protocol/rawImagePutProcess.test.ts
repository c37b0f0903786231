import { expect } from "chai";
import type { ImageMetadata } from "../../../handlers/ports";
import type { RawRecord } from "../../../handlers/records";
import type { S3EventMessage } from "../../../handlers/protocol/messages";
import { uploadTag } from "../../../handlers/protocol/generation";
import { userMetadataOf } from "../../../handlers/protocol/uploadDetails";
import { rawImageDeleteProcess } from "../../../handlers/protocol/rawImageDeleteProcess";
import { rawImagePutProcess } from "../../../handlers/protocol/rawImagePutProcess";
import { inMemory, NOW_SECONDS, ready, type HandlersInMemory } from "./handlersInMemory";

const first = { receiveCount: 1 };
const again = { receiveCount: 2 };
const outcomes = (on: HandlersInMemory) => on.journal.map(({ outcome }) => outcome);

describe("rawImagePutProcess", () => {
  it("acknowledges S3's test event, and bodies that are not S3 events", async () => {
    const on = inMemory();
    for (const message of [{ Event: "s3:TestEvent", Bucket: "b" }, { hello: 1 }, null, "text", { Records: [] }]) {
      await on.put(message);
    }
    expect(on.journal.map(({ cause }) => cause)).to.deep.equal(["test", "unknown", "unknown", "unknown", "unknown"]);
    expect(on.calls).to.deep.equal([]);
  });

  it("records the generation with all that GET tells", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const { generation, imageId, ...rest } = on.record()!;
    expect(generation).to.match(/^[0-9a-f]{48}$/);
    expect(imageId).to.equal(`raw/a.jpg/${generation}.jpg`);
    expect(rest).to.deep.include({ status: "PROCESSING", epoch: 0, format: "jpeg", width: 40, height: 30, bytes: 6 });
    expect(rest).to.not.have.property("contentHash");
    expect(on.taken("PutResolutionBasedImageQueue")).to.have.length(1);
  });

  describe("records the details of an upload", () => {
    const details = { metadata: '{"a":1}', focus: { x: 0, y: 1 } };
    const userMetadata = userMetadataOf(details);

    it("with its generation, and keeps them with the one that is live", async () => {
      const on = inMemory();
      await ready(on, "1", { ...userMetadata, other: "not read" });
      expect(on.record()).to.deep.include(details);
      await on.put(on.upload("good", "2"));
      expect(on.record()!.live).to.deep.include(details);
      expect(on.record()).to.not.have.any.keys("metadata", "focus");
    });

    it("each in place of that of the upload before", async () => {
      const on = inMemory();
      await on.put(on.upload("good", "1", "a.jpg", userMetadata));
      await on.put(on.upload("good", "2", "a.jpg", userMetadataOf({ focus: { x: 1, y: 0 } })));
      expect(on.record())
        .to.deep.include({ focus: { x: 1, y: 0 } })
        .and.not.to.have.any.keys("metadata", "live");
    });

    it("until it is deleted", async () => {
      const on = inMemory();
      await ready(on, "1", userMetadata);
      await on.remove("a.jpg");
      expect(on.record()).to.not.have.any.keys("metadata", "focus");
    });

    it("or rejects it where they cannot be read, and asks for nothing more", async () => {
      const on = inMemory();
      await on.put(on.upload("good", "1", "a.jpg", { ...userMetadata, focus: "0.5,0.5" }));
      const reason =
        'The upload\'s focus must be a JSON object such as {"x": 0.5, "y": 0.25}. Ask POST /uploads for an upload, and send that.';
      expect(on.record()).to.include({ status: "REJECTED", rejectedReason: reason });
      expect(on.record()).to.not.have.any.keys("metadata", "focus");
      expect(on.journal).to.have.lengthOf(1);
      expect(on.journal[0]).to.include({ outcome: "rejected", cause: "metadata", reason });
      expect(on.stores.temp.all()).to.be.empty;
      expect(on.sent).to.be.empty;
    });
  });

  it("keeps the id when the name is uploaded again, and the generation that is live", async () => {
    const on = inMemory();
    await ready(on);
    const before = on.record()!;
    await on.put(on.upload("good", "2"));
    const after = on.record()!;
    expect(after.id).to.equal(before.id);
    expect(after.generation).to.not.equal(before.generation);
    const { generation, contentHash, format, bytes, width, height, placeholder, dominantColour, renditions } = before;
    const told = { generation, contentHash, format, bytes, width, height, placeholder, dominantColour, renditions };
    expect(after.live).to.deep.equal(told);
    expect(after).to.not.have.any.keys("placeholder", "dominantColour", "renditions", "superseded");
    expect(on.taken("DeleteResolutionBasedImageQueue")).to.deep.equal([]);
  });

  it("supersedes a generation that is pending, and keeps the one that is live", async () => {
    const on = inMemory();
    await ready(on);
    await on.put(on.upload("hollow", "2"));
    const { generation, live } = on.record()!;
    await on.put(on.upload("good", "3"));
    const manifest = `${generation}.jpg large.jpg small.webp`;
    expect(on.record()).to.deep.include({ live, superseded: [manifest] });
    expect(on.taken("DeleteResolutionBasedImageQueue")).to.deep.equal([{ original: "a.jpg", manifest }]);
  });

  it("takes the upload of a live generation for overtaken, whatever sequencer the sweep gave its event", async () => {
    const on = inMemory();
    const message = on.upload() as S3EventMessage;
    await on.put(message);
    for (const next of on.taken("PutResolutionBasedImageQueue")) await on.render(next);
    await on.put(on.upload("good", "2"));
    const before = on.snapshot();
    message.Records[0]!.s3.object.sequencer = "F";
    await on.put(message);
    expect(outcomes(on).at(-1)).to.equal("overtaken");
    for (const next of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(next);
    expect(on.snapshot()).to.equal(before);
  });

  it("takes the upload of a deleted generation for overtaken while its objects are still to be cleared away", async () => {
    const on = inMemory();
    const message = on.upload() as S3EventMessage;
    await on.put(message);
    await on.remove("a.jpg");
    expect(on.record()).to.have.property("superseded").that.has.length(1);
    message.Records[0]!.s3.object.sequencer = "F";
    await on.put(message);
    expect(outcomes(on).at(-1)).to.equal("overtaken");
    expect(on.record()).to.deep.include({ status: "DELETING" });
  });

  for (const [kind, status] of [
    ["good", "READY"],
    ["bad", "REJECTED"],
  ] as const) {
    it(`never judges an upload again that was ${status} and deleted, when nothing is left of it`, async () => {
      const on = inMemory();
      const message = on.upload(kind) as S3EventMessage;
      const deleteListedBefore = rawImageDeleteProcess({
        ...on.ports,
        temp: { ...on.ports.temp, versions: () => Promise.resolve([]) },
      });
      const keepUpload = { ...on.ports, temp: { ...on.ports.temp, delete: () => Promise.resolve() } };
      await rawImagePutProcess(keepUpload)(message, { receiveCount: 1 });
      for (const next of on.taken("PutResolutionBasedImageQueue")) await on.render(next);
      expect(on.record()).to.include({ status });
      await deleteListedBefore("a.jpg");
      for (const next of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(next);
      expect(on.record()).to.include({ status: "DELETED" });
      message.Records[0]!.s3.object.sequencer = "F"; // of the sweep
      await on.put(message);
      expect(outcomes(on).at(-1)).to.equal("overtaken");
      expect(on.record()).to.include({ status: "DELETED" });
      expect([...on.stores.temp.all(), ...on.stores.images.list("")]).to.deep.equal([]);
    });
  }

  it("remembers uploads that it rejected, or that are newest no more, and of those the last twenty", async () => {
    const on = inMemory();
    const remembered = () => on.record()!.judged;
    const tags = (...turns: number[]) => turns.map((turn) => uploadTag(`v${turn}`));
    await on.put(on.upload("good", "1"));
    expect(remembered()).to.equal(undefined); // its generation tells
    await on.put(on.upload("bad", "2"));
    expect(remembered()).to.deep.equal(tags(2));
    await on.put(on.upload("good", "3"));
    expect(remembered()).to.deep.equal(tags(2, 1));
    await on.remove("a.jpg");
    expect(remembered()).to.deep.equal(tags(2, 1, 3));
    await on.remove("a.jpg");
    expect(remembered()).to.deep.equal(tags(2, 1, 3));
    for (let turn = 4; turn <= 22; turn++) await on.put(on.upload("bad", String(turn)));
    expect(remembered()).to.deep.equal(tags(...Array.from({ length: 20 }, (_, at) => at + 3)));
  });

  it("keeps a generation that becomes live while its successor is taken in", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const { generation } = on.record()!;
    const [message] = on.taken("PutResolutionBasedImageQueue");
    on.before("metadata.updateRaw", () => on.render(message));
    await on.put(on.upload("good", "2"));
    expect(on.record()!.live).to.include({ generation });
    expect(on.record()).to.not.have.property("superseded");
  });

  it("makes two generations of the same bytes", async () => {
    const on = inMemory();
    await ready(on, "same");
    const { generation } = on.record()!;
    await ready(on, "same");
    expect(on.record()!.generation).to.not.equal(generation);
  });

  it("does not take READY back when the message comes again", async () => {
    const on = inMemory();
    const message = on.upload();
    await on.put(message);
    for (const next of on.taken("PutResolutionBasedImageQueue")) await on.render(next);
    await on.put(message);
    expect(on.record()!.status).to.equal("READY");
    expect(outcomes(on).at(-1)).to.equal("repeated");
  });

  for (const { kind, reason } of [
    { kind: "bad", reason: "No image: bad 1." },
    { kind: "large", reason: "The image has 101 bytes; at most 100 are allowed." },
  ] as const) {
    it(`rejects a ${kind} upload with a reason`, async () => {
      const on = inMemory();
      await on.put(on.upload(kind));
      expect(on.record()).to.deep.include({ status: "REJECTED", rejectedReason: reason });
      expect(on.stores.temp.all()).to.deep.equal([]);
    });
  }

  it("clears what an earlier delivery stored of an upload that is rejected now", async () => {
    const on = inMemory();
    const message = on.upload();
    on.failCall(4, "before");
    await on.put(message).catch(() => undefined);
    on.heal();
    expect(on.stores.images.list("")).to.have.length(1);
    await rawImagePutProcess({ ...on.ports, limits: { ...on.ports.limits, maxBytes: 1 } })(message, again);
    expect(on.record()).to.deep.include({ status: "REJECTED" });
    const messages = on.taken("DeleteResolutionBasedImageQueue");
    expect(messages).to.have.length(1);
    await on.clear(messages[0]);
    expect(on.stores.images.list("")).to.deep.equal([]);
  });

  it("records nothing of an upload that another delivery rejected, though a newer one was rejected after that", async () => {
    const on = inMemory();
    const message = on.upload("good", "1");
    const newer = on.upload("bad", "2");
    on.before("metadata.updateRaw", async () => {
      const strict = { ...on.ports, limits: { ...on.ports.limits, maxBytes: 1 } };
      await rawImagePutProcess(strict)(message, { receiveCount: 1 });
      await on.put(newer);
      for (const leftover of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(leftover);
    });
    await on.put(message);
    for (const leftover of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(leftover);
    expect(on.record()).to.include({ status: "REJECTED" }).and.not.have.property("generation");
    expect(on.stores.images.list("")).to.deep.equal([]);
  });

  it("judges an upload once, however the limits change", async () => {
    const on = inMemory();
    const message = on.upload("large");
    on.failCall(4, "before");
    await on.put(message).catch(() => undefined);
    on.heal();
    await rawImagePutProcess({ ...on.ports, limits: { ...on.ports.limits, maxBytes: 1000 } })(message, again);
    expect(on.record()).to.include({ status: "REJECTED" }).and.not.have.property("generation");
    expect(on.stores.temp.all()).to.deep.equal([]);
  });

  it("lets a rejected record expire after 30 days, and an accepted one stay", async () => {
    const on = inMemory();
    await on.put(on.upload("bad"));
    expect(on.record()!.expiresAt).to.equal(Date.parse("2030-01-31T00:00:00Z") / 1000);
    await on.put(on.upload("good", "2"));
    expect(on.record()!.expiresAt).to.equal(undefined);
  });

  it("leaves the good image alone when a later upload is rejected", async () => {
    const on = inMemory();
    await ready(on);
    const { generation } = on.record()!;
    await on.put(on.upload("bad", "2"));
    expect(on.record()).to.deep.include({ status: "READY", generation, rejectedReason: "No image: bad 2." });
  });

  it("ends the same whichever of a good and a later bad upload comes first", async () => {
    const [one, other] = [inMemory(), inMemory()];
    const messages = [one, other].map((on) => [on.upload("good", "1"), on.upload("bad", "2")]);
    await one.put(messages[0]![0]);
    await one.put(messages[0]![1]);
    await other.put(messages[1]![1]);
    await other.put(messages[1]![0]);
    // Which upload made the record, and thus gave it its id and with it its place in lists, is all that may differ, and
    // the order in which they were judged.
    const [first, second] = [one, other].map((on) => {
      const { judged, ...record } = on.record()!;
      return { ...record, id: "", listPosition: "", judged: judged?.sort() };
    });
    expect(first).to.deep.equal(second);
  });

  it("withdraws an upload that a newer one overtook while it was taken in", async () => {
    const on = inMemory();
    const [older, newer] = [on.upload("good", "1"), on.upload("good", "2")];
    on.before("images.copy", () => on.put(newer));
    await on.put(older);
    expect(outcomes(on)).to.deep.equal(["stored", "overtaken"]);
    // The function may not delete originals.
    expect(on.stores.images.list("raw/")).to.have.length(2);
    const messages = on.taken("DeleteResolutionBasedImageQueue");
    expect(messages).to.deep.equal([{ original: "a.jpg", upload: "v1" }]);
    await on.clear(messages[0]);
    expect(on.stores.images.list("")).to.deep.equal([on.record()!.imageId]);
  });

  it("replaces an older upload that was recorded while it was taken in", async () => {
    const on = inMemory();
    const [older, newer] = [on.upload("good", "1"), on.upload("good", "2")];
    on.before("images.copy", () => on.put(older));
    await on.put(newer);
    expect(outcomes(on)).to.deep.equal(["stored", "stored"]);
    expect(on.record()!.superseded).to.have.length(1);
  });

  it("gives way to a DELETE that comes in the middle, and leaves nothing", async () => {
    const on = inMemory();
    const message = on.upload();
    on.before("metadata.updateRaw", async () => {
      await on.remove("a.jpg");
    });
    await on.put(message);
    expect(on.record()).to.deep.include({ status: "DELETED", epoch: NOW_SECONDS });
    expect(on.record()!.cancelled).to.equal(undefined);
    for (const next of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(next);
    expect(on.stores.images.list("")).to.deep.equal([]);
    expect(on.stores.temp.all()).to.deep.equal([]);
    expect(outcomes(on)).to.deep.equal(["deleted", "cancelled", "cleared"]);
  });

  for (const { call, kind } of [
    { call: "images.copy", kind: "good" },
    { call: "temp.read", kind: "long" }, // of which more than the start is read
  ] as const) {
    it(`leaves nothing when the upload goes just before ${call}`, async () => {
      const on = inMemory();
      const message = on.upload(kind);
      const goes = async () => {
        await on.remove("a.jpg");
      };
      if (kind === "good") on.before(call, goes);
      else on.before(call, () => void on.before(call, goes));
      await on.put(message);
      expect(on.record()).to.include({ status: "DELETED" });
      expect(outcomes(on)).to.deep.equal(["deleted", "cancelled"]);
      expect(on.stores.images.list("")).to.deep.equal([]);
    });
  }

  it("starts over when a DELETE came that did not see the upload", async () => {
    const on = inMemory();
    await ready(on);
    const deletion = on.remove("a.jpg"); // lists the uploads at once
    const message = on.upload("good", "2");
    on.before("images.copy", async () => {
      await deletion;
    });
    await on.put(message);
    expect(on.record()).to.deep.include({ status: "PROCESSING", epoch: NOW_SECONDS });
  });

  it("finishes what a DELETE that died left of a cancelled upload", async () => {
    const on = inMemory();
    const message = on.upload();
    on.failCall(3, "after");
    await on.remove("a.jpg").catch(() => undefined);
    on.heal();
    expect(on.record()).to.deep.include({ status: "DELETING" });
    await on.put(message);
    expect(on.record()).to.deep.include({ status: "DELETED" });
    expect(on.stores.temp.all()).to.deep.equal([]);
  });

  it("fails when an upload is missing and its record does not tell why", async () => {
    const on = inMemory();
    const message = on.upload();
    on.stores.temp.delete("images/a.jpg", "v1");
    const failure = await on.put(message).catch((error: unknown) => error);
    expect(failure).to.include({
      name: "UploadMissing",
      message: "a.jpg: its upload v1 is missing, and its record does not tell why",
    });
    expect(on.record()).to.equal(undefined);
  });

  for (const [minutes, outcome] of [
    [1, "done"],
    [2, "UploadMissing"],
  ] as const) {
    it(`takes an upload that is missing for cancelled where its DELETE came later, or up to a minute earlier: ${minutes}`, async () => {
      const on = inMemory();
      await ready(on);
      await on.remove("a.jpg");
      on.pass(minutes * 60_000);
      const message = on.upload("good", "2");
      on.stores.temp.delete("images/a.jpg", "v2");
      const result = await on.put(message).then(
        () => "done",
        (error: unknown) => (error instanceof Error ? error.name : String(error)),
      );
      expect(result).to.equal(outcome);
    });
  }

  it("sends a message for each generation that it replaces, however many wait to be cleared away", async () => {
    const on = inMemory();
    for (let upload = 1; upload <= 50; upload++) await on.put(on.upload("good", String(upload)));
    expect(on.record()!.superseded).to.have.length(49);
    const asked = on
      .taken("DeleteResolutionBasedImageQueue")
      .map((message) => (message as { manifest: string }).manifest);
    expect(asked).to.have.length(49);
    expect(asked).to.have.members(on.record()!.superseded!);
  });

  for (const newer of [false, true]) {
    it(`asks for all that waits to be cleared away when it is received again${newer ? ", though overtaken" : ""}`, async () => {
      const on = inMemory();
      await on.put(on.upload("good", "1"));
      await on.put(on.upload("good", "2"));
      const message = on.upload("good", "3");
      on.before("deleteQueue.send", () => {
        throw new Error("the run dies");
      });
      await on.put(message).catch(() => undefined);
      if (newer) await on.put(on.upload("good", "4"));
      on.taken("DeleteResolutionBasedImageQueue");
      await on.put(message, 2);
      const asked = on.taken("DeleteResolutionBasedImageQueue").filter((one) => "manifest" in (one as object));
      expect(asked).to.deep.equal(on.record()!.superseded!.map((manifest) => ({ original: "a.jpg", manifest })));
      expect(asked).to.have.length(newer ? 3 : 2);
    });
  }

  it("fails when S3 lists an upload that it does not find, though its name was deleted", async () => {
    const on = inMemory();
    await ready(on);
    await on.remove("a.jpg");
    const message = on.upload("good", "2");
    const put = rawImagePutProcess({
      ...on.ports,
      temp: { ...on.ports.temp, read: () => Promise.resolve(undefined) },
    });
    const failure = await put(message, first).catch((error: unknown) => error);
    expect(failure).to.have.property("name", "UploadMissing");
    await on.put(message);
    expect(on.record()).to.deep.include({ status: "PROCESSING", epoch: NOW_SECONDS });
  });

  it("leaves an upload to its next delivery when its name is deleted again and again", async () => {
    const on = inMemory();
    const message = on.upload();
    let epoch = 2 * NOW_SECONDS;
    const updateRaw = () => Promise.resolve({ applied: false, record: { epoch: epoch++ } as RawRecord } as const);
    const put = rawImagePutProcess({ ...on.ports, metadata: { ...on.ports.metadata, updateRaw } });
    expect(await put(message, first).catch((error: unknown) => error)).to.include({
      name: "DeletedMeanwhile",
      message: "a.jpg: deleted 5 times while an upload was taken in",
    });
    expect(on.stores.temp.all()).to.have.length(1);
  });

  it("looks at a bad upload again when its name was deleted meanwhile", async () => {
    const on = inMemory();
    const message = on.upload("bad");
    let deleted = false;
    const metadata: ImageMetadata = {
      ...on.ports.metadata,
      updateRaw: (name, update) => {
        if (deleted) return on.ports.metadata.updateRaw(name, update);
        deleted = true;
        return Promise.resolve({ applied: false, record: { epoch: NOW_SECONDS } as RawRecord });
      },
    };
    await rawImagePutProcess({ ...on.ports, metadata })(message, first);
    expect(on.calls.filter((call) => call === "temp.read")).to.have.length(2);
    expect(on.record()).to.include({ status: "REJECTED" });
  });

  it("removes an object whose key is the prefix alone", async () => {
    const on = inMemory();
    await on.put(on.upload("good", "1", ""));
    expect(on.stores.temp.all()).to.deep.equal([]);
    expect(on.stores.metadata.names()).to.deep.equal([]);
  });

  it("fails on an ObjectCreated event without a version id: an upload stands behind it", async () => {
    const message = {
      Records: [{ eventName: "ObjectCreated:Put", eventTime: "t", s3: { object: { key: "images/a" } } }],
    };
    const failure = await inMemory()
      .put(message)
      .catch((error: unknown) => String(error));
    expect(failure).to.include("versionId");
  });

  it("leaves an upload waiting while too many generations are to be cleared away, and takes it in after that", async () => {
    const on = inMemory({ room: { superseded: 2 * 74, cancelled: 1_000 } });
    for (const tag of ["1", "2", "3"]) await on.put(on.upload("good", tag));
    const fourth = on.upload("good", "4");
    const before = on.record();
    const failure: unknown = await on.put(fourth).catch((error: unknown) => error);
    expect(failure).to.include({ name: "RecordFull", message: "a.jpg: 3 generations are still to be cleared away" });
    expect(on.record()).to.deep.equal(before);
    expect(on.stores.temp.all()).to.have.length(1);

    for (const message of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(message);
    await on.put(fourth, 2);
    expect(on.record()?.generation).to.match(new RegExp(`^${uploadTag("v4")}`));
    expect(on.stores.temp.all()).to.deep.equal([]);
  });
});
