import { expect } from "chai";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import type { ImageMetadata } from "../../../handlers/ports";
import { backfillBody } from "../../../handlers/protocol/messages";
import { backfillOf, recipeOf } from "../../../handlers/protocol/recipes";
import { eventsOf } from "../../../handlers/protocol/announcing";
import { resolutionBasedImagePutProcess } from "../../../handlers/protocol/resolutionBasedImagePutProcess";
import { imageTypes, inMemory, ready, type HandlersInMemory } from "./handlersInMemory";

const [large, small] = imageTypes as [RenditionSpec, RenditionSpec];
const tiny: RenditionSpec = { imageType: "tiny", width: 1, height: 1, fit: "inside", format: "png", quality: 80 };
/** One is new, one is made otherwise, `small` is not wanted any more. */
const wanted: RenditionSpec[] = [tiny, { ...large, quality: 60 }];

type Choice = Omit<Parameters<typeof backfillOf>[1], "wanted">;
const messageFor = (on: HandlersInMemory, choice: Choice = {}, types = wanted): unknown => {
  const message = backfillOf(on.record()!, { wanted: types, ...choice });
  return message && JSON.parse(backfillBody(message));
};
const keys = (on: HandlersInMemory) => on.stores.images.list("").map((key) => key.replace(/[0-9a-f]{48}/, "g"));
const told = (on: HandlersInMemory) =>
  on.record()!.renditions!.map(({ imageType, format, revision }) => [imageType, format, revision].join(" ").trim());
const outcome = (on: HandlersInMemory) => on.journal.at(-1)?.outcome;

async function clearAll(on: HandlersInMemory): Promise<void> {
  for (const message of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(message);
}

describe("a backfill", () => {
  it("makes what is missing and what was made otherwise of the same generation, and replaces that", async () => {
    const on = inMemory();
    await ready(on);
    const before = on.record()!;
    await on.render(messageFor(on));
    expect(told(on)).to.deep.equal(["tiny png 1", "large jpeg 1", "small webp"]);
    expect(on.record()).to.include({ status: "READY", generation: before.generation, revision: 2 });
    expect(on.record()).to.not.have.property("expected");
    expect(on.journal.at(-1)).to.include({ outcome: "backfilled", renditions: 2 }).and.not.have.property("latencyMs");
    await clearAll(on);
    expect(keys(on)).to.deep.equal([
      "large/a.jpg/g-1.jpg",
      "raw/a.jpg/g.jpg",
      "small/a.jpg/g.webp",
      "tiny/a.jpg/g-1.png",
    ]);
    expect(on.record()).to.not.have.property("superseded");
    expect(messageFor(on), "nothing is left to do").to.equal(undefined);
  });

  it("removes what is not wanted any more only where that is asked for, and reads no original for that", async () => {
    const on = inMemory();
    await ready(on);
    await on.render(messageFor(on));
    on.calls.length = 0;
    await on.render(messageFor(on, { remove: true }));
    expect(on.calls).to.not.include("images.read");
    await clearAll(on);
    expect(told(on)).to.deep.equal(["tiny png 1", "large jpeg 1"]);
    expect(keys(on)).to.deep.equal(["large/a.jpg/g-1.jpg", "raw/a.jpg/g.jpg", "tiny/a.jpg/g-1.png"]);
  });

  it("looks at the image types alone that were chosen", async () => {
    const on = inMemory();
    await ready(on);
    await on.render(messageFor(on, { types: ["large"], remove: true }));
    expect(told(on)).to.deep.equal(["large jpeg 1", "small webp"]);
    expect(messageFor(on, { types: ["large"], remove: true })).to.equal(undefined);
    expect(messageFor(on, { types: ["small"] })).to.equal(undefined);
    await on.render(messageFor(on, { types: ["small"], remove: true }));
    expect(told(on)).to.deep.equal(["large jpeg 1"]);
  });

  it("makes renditions again of which no recipe is known", async () => {
    const on = inMemory();
    await ready(on);
    expect(messageFor(on, {}, imageTypes)).to.equal(undefined);
    const renditions = on.record()!.renditions!.map((rendition) => ({ ...rendition, recipe: undefined }));
    on.stores.metadata.updateRaw("a.jpg", { when: [], set: { renditions } });
    await on.render(messageFor(on, {}, imageTypes));
    expect(told(on)).to.deep.equal(["large jpeg 1", "small webp 1"]);
  });

  it("does nothing where a later step has decided", async () => {
    for (const later of [
      (on: HandlersInMemory) => on.remove("a.jpg"),
      (on: HandlersInMemory) => ready(on, "2"),
      (on: HandlersInMemory) => on.render(messageFor(on, { remove: true })),
    ]) {
      const on = inMemory();
      await ready(on);
      const message = messageFor(on);
      await later(on);
      const before = on.snapshot();
      await on.render(message);
      expect(on.snapshot()).to.equal(before);
      expect(outcome(on)).to.be.oneOf(["stale", "repeated"]);
    }
  });

  it("has what it stored cleared away where a DELETE, an upload or another backfill comes in between", async () => {
    for (const meanwhile of [
      (on: HandlersInMemory) => on.remove("a.jpg"),
      (on: HandlersInMemory) => ready(on, "2"),
      (on: HandlersInMemory) => on.render(messageFor(on, { remove: true }, [large])),
    ]) {
      const on = inMemory();
      await ready(on);
      on.before("images.create", async () => {
        await meanwhile(on);
      });
      await on.render(messageFor(on));
      await clearAll(on);
      expect(on.stores.images.list("tiny/")).to.deep.equal([]);
      expect(on.record()?.superseded).to.equal(undefined);
    }
  });

  it("is not undone by a slower run that stores once more what it has replaced", async () => {
    const on = inMemory();
    await on.put(on.upload());
    const [message] = on.taken("PutResolutionBasedImageQueue");
    on.before("images.create", async () => {
      await on.render(message);
      await on.render(messageFor(on));
      await clearAll(on);
    });
    await on.render(message);
    await clearAll(on);
    expect(on.stores.images.list("large/")).to.have.length(1);
  });

  it("goes on where an earlier delivery died, whichever call was its last", async () => {
    const calls = await (async () => {
      const on = inMemory();
      await ready(on);
      on.calls.length = 0;
      await on.render(messageFor(on));
      return on.calls.length;
    })();
    expect(calls).to.equal(7);
    for (let call = 1; call <= calls; call++) {
      for (const side of ["before", "after"] as const) {
        const on = inMemory();
        await ready(on);
        const message = messageFor(on, { remove: true });
        on.failCall(call, side);
        await on.render(message).catch(() => undefined);
        on.heal();
        await on.render(message, false, 2);
        await clearAll(on);
        expect(keys(on), `${side} call ${call}`).to.deep.equal([
          "large/a.jpg/g-1.jpg",
          "raw/a.jpg/g.jpg",
          "tiny/a.jpg/g-1.png",
        ]);
        expect(on.record()).to.not.have.any.keys("superseded", "expected");
      }
    }
  });

  it("begins again under another revision where the image types changed after one that died", async () => {
    const on = inMemory();
    await ready(on);
    on.before("images.read", () => Promise.reject(new Error("died")));
    await on.render(messageFor(on)).catch(() => undefined);
    expect(on.record()).to.include({ revision: 1 });
    const message = messageFor(on, {}, imageTypes);
    expect(message, "what was begun is to be given up").to.not.equal(undefined);
    await on.render(message);
    await clearAll(on);
    expect(told(on)).to.deep.equal(["large jpeg", "small webp"]);
    expect(on.record()).to.include({ revision: 3 }).and.not.have.any.keys("superseded", "expected");
  });

  it("leaves nothing where the SDK repeats each update, because the answer to its first attempt was lost", async () => {
    const on = inMemory();
    await ready(on);
    on.before("images.read", () => Promise.reject(new Error("died")));
    await on.render(messageFor(on)).catch(() => undefined);
    const once = on.ports.metadata;
    const metadata: ImageMetadata = {
      ...once,
      updateRaw: async (name, update) => {
        await once.updateRaw(name, update);
        return once.updateRaw(name, update);
      },
    };
    const render = resolutionBasedImagePutProcess({ ...on.ports, metadata });
    await render(messageFor(on, { remove: true }, [{ ...tiny, quality: 60 }]), { lastTry: false, receiveCount: 1 });
    await clearAll(on);
    expect(on.record()).to.not.have.any.keys("superseded", "expected");
  });

  it("leaves an image as it is whose original cannot be decoded", async () => {
    const on = inMemory();
    await ready(on);
    const render = resolutionBasedImagePutProcess({
      ...on.ports,
      makeRenditions: () => Promise.resolve({ undecodable: "damaged", cause: "undecodable" }),
    });
    await render(messageFor(on), { lastTry: false, receiveCount: 1 });
    expect(on.journal.at(-1)).to.include({ outcome: "failed", reason: "damaged" });
    await clearAll(on);
    expect(told(on)).to.deep.equal(["large jpeg", "small webp"]);
    expect(on.record()).to.include({ status: "READY", revision: 2 }).and.not.have.any.keys("superseded", "expected");
  });

  it("leaves the image to another one that begins between its reading and its update", async () => {
    const on = inMemory();
    await ready(on);
    const before = keys(on);
    let others = 0;
    const metadata = {
      ...on.ports.metadata,
      updateRaw: async (...given: Parameters<typeof on.ports.metadata.updateRaw>) => {
        if (others++ === 0) on.stores.metadata.updateRaw("a.jpg", { when: [], set: { expected: [tiny], revision: 3 } });
        return on.ports.metadata.updateRaw(...given);
      },
    };
    const render = resolutionBasedImagePutProcess({ ...on.ports, metadata });
    await render(messageFor(on), { lastTry: false, receiveCount: 1 });
    expect(outcome(on)).to.equal("repeated");
    expect(on.record()).to.deep.include({ expected: [tiny], revision: 3 });
    expect(keys(on)).to.deep.equal(before);
  });

  it("waits while the record has no room for what it replaces", async () => {
    const on = inMemory({ room: { superseded: 100, cancelled: 100 } });
    await ready(on);
    const superseded = new Set(["x".repeat(100)]) as unknown as string[];
    on.stores.metadata.updateRaw("a.jpg", { when: [], sets: { superseded: { add: [...superseded] } } });
    let error: unknown;
    await on.render(messageFor(on)).catch((failure: unknown) => (error = failure));
    expect(error).to.include({ name: "RecordFull" });
  });

  it("is announced as ready once more, with the new keys and an id of its own", async () => {
    const on = inMemory();
    await ready(on);
    const first = on.record()!;
    const begun = { ...first, expected: wanted, revision: 1 };
    expect(eventsOf({ before: first, after: begun }), "while it is made").to.deep.equal([]);
    await on.render(messageFor(on));
    const after = on.record()!;
    const [event, ...more] = eventsOf({ before: begun, after });
    expect(more).to.deep.equal([]);
    const [initial] = eventsOf({ before: { ...first, status: "PROCESSING" }, after: first });
    expect(event!.name).to.equal("ready");
    expect(event!.detail.eventId).to.not.equal(initial!.detail.eventId);
    expect(event!.detail.renditions!.map(({ key }) => key.replace(/[0-9a-f]{48}/, "g"))).to.deep.equal([
      "tiny/a.jpg/g-1.png",
      "large/a.jpg/g-1.jpg",
      "small/a.jpg/g.webp",
    ]);
    expect(event!.detail.renditions![0]).to.have.all.keys("imageType", "format", "bytes", "width", "height", "key");
  });

  it("is refused where its image types are none", async () => {
    const on = inMemory();
    await ready(on);
    const message = { ...(messageFor(on) as object), wanted: [{ imageType: "raw" }] };
    let error: unknown;
    await on.render(message).catch((failure: unknown) => (error = failure));
    expect(error).to.include({ name: "PoisonMessage" });
  });
});

describe("recipeOf", () => {
  const recipes = (specs: Partial<RenditionSpec>[]) => specs.map((spec) => recipeOf({ ...small, ...spec }));

  it("differs with each property, and not with the image type's name or with a default", () => {
    const different = recipes([
      {},
      { width: 3 },
      { height: 3 },
      { fit: "inside" },
      { position: "focus" },
      { format: "auto" },
      { quality: 79 },
      { enlarge: true },
    ]);
    expect(new Set(different).size).to.equal(different.length);
    const [recipe] = different;
    expect(recipe).to.match(/^[\w-]{6}$/);
    expect(
      recipes([{ imageType: "other" }, { position: "centre" }, { enlarge: false }, { position: undefined }]),
    ).to.deep.equal([recipe, recipe, recipe, recipe]);
  });
});
