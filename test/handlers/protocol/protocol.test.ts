import { expect } from "chai";
import { inMemory, ready, type HandlersInMemory, type Side } from "./handlersInMemory";

type Work = (on: HandlersInMemory) => Promise<unknown>;

/** A function's work on one message, in a world that was prepared for it. */
const stories: { title: string; prepare: (on: HandlersInMemory) => Promise<Work>; calls: string[] }[] = [
  {
    title: "RawImagePutProcess takes an upload in",
    prepare: async (on) => {
      const message = on.upload();
      return () => on.put(message);
    },
    calls: ["metadata.readRaw", "temp.read", "images.copy", "metadata.updateRaw", "putQueue.send", "temp.delete"],
  },
  {
    title: "RawImagePutProcess takes in the successor of a live generation",
    prepare: async (on) => {
      await ready(on);
      const message = on.upload("good", "2");
      return () => on.put(message);
    },
    calls: ["metadata.readRaw", "temp.read", "images.copy", "metadata.updateRaw", "putQueue.send", "temp.delete"],
  },
  {
    title: "RawImagePutProcess replaces a generation that is pending",
    prepare: async (on) => {
      await on.put(on.upload());
      on.taken("PutResolutionBasedImageQueue");
      const message = on.upload("good", "2");
      return () => on.put(message);
    },
    calls: [
      "metadata.readRaw",
      "temp.read",
      "images.copy",
      "metadata.updateRaw",
      "putQueue.send",
      "deleteQueue.send",
      "temp.delete",
    ],
  },
  {
    title: "RawImagePutProcess rejects an upload",
    prepare: async (on) => {
      const message = on.upload("bad");
      return () => on.put(message);
    },
    calls: ["metadata.readRaw", "temp.read", "metadata.updateRaw", "images.list", "temp.delete"],
  },
  {
    title: "RawImagePutProcess withdraws an overtaken upload",
    prepare: async (on) => {
      const late = on.upload("good", "old");
      await ready(on, "new");
      return () => on.put(late);
    },
    calls: ["metadata.readRaw", "images.list", "temp.delete"],
  },
  {
    title: "ResolutionBasedImagePutProcess makes renditions",
    prepare: async (on) => {
      await on.put(on.upload());
      const [message] = on.taken("PutResolutionBasedImageQueue");
      return () => on.render(message);
    },
    calls: ["metadata.readRaw", "images.read", "images.create", "images.create", "metadata.updateRaw"],
  },
  {
    title: "ResolutionBasedImagePutProcess replaces the generation that was live",
    prepare: async (on) => {
      await ready(on);
      await on.put(on.upload("good", "2"));
      const [message] = on.taken("PutResolutionBasedImageQueue");
      return () => on.render(message);
    },
    calls: [
      ...["metadata.readRaw", "images.read", "images.create", "images.create"],
      ...["metadata.updateRaw", "deleteQueue.send"],
    ],
  },
  {
    title: "ResolutionBasedImagePutProcess finds an original undecodable",
    prepare: async (on) => {
      await on.put(on.upload("hollow"));
      const [message] = on.taken("PutResolutionBasedImageQueue");
      return () => on.render(message);
    },
    calls: [
      ...["metadata.readRaw", "images.read", "images.create", "metadata.updateRaw"],
      ...["images.delete", "images.delete"],
    ],
  },
  {
    title: "RawImageDeleteProcess deletes an image",
    prepare: async (on) => {
      await ready(on);
      return () => on.remove("a.jpg");
    },
    calls: ["temp.versions", "metadata.readRaw", "metadata.updateRaw", "images.delete", "deleteQueue.send"],
  },
  {
    title: "RawImageDeleteProcess cancels an upload that waits",
    prepare: async (on) => {
      on.upload();
      return () => on.remove("a.jpg");
    },
    calls: [
      ...["temp.versions", "metadata.readRaw", "metadata.updateRaw"],
      ...["temp.delete", "metadata.updateRaw", "metadata.updateRaw"],
    ],
  },
  {
    title: "ResolutionBasedImageDeleteProcess clears a generation away",
    prepare: async (on) => {
      await ready(on);
      await on.remove("a.jpg");
      const [message] = on.taken("DeleteResolutionBasedImageQueue");
      return () => on.clear(message);
    },
    calls: [
      ...["metadata.readRaw", "images.delete", "images.delete", "images.delete"],
      ...["edgeCaches.forget", "metadata.updateRaw", "metadata.updateRaw"],
    ],
  },
];

describe("the protocol's steps", () => {
  for (const { title, prepare, calls } of stories) {
    describe(title, () => {
      it("in this order", async () => {
        const on = inMemory();
        const work = await prepare(on);
        on.calls.length = 0;
        await work(on);
        expect(on.calls).to.deep.equal(calls);
      });

      calls.forEach((call, index) => {
        for (const side of ["before", "after"] as Side[]) {
          it(`fails ${side} ${call} (step ${index + 1}), and ends the same when it is repeated`, async () => {
            const [undisturbed, on] = [inMemory(), inMemory()];
            const reference = await prepare(undisturbed);
            await reference(undisturbed);
            const work = await prepare(on);
            on.failCall(index + 1, side);
            const failure = await work(on).then(
              () => "none",
              (error: unknown) => String(error),
            );
            expect(failure).to.include(`no answer to ${call}`);
            on.heal();
            await settle(on, work);
            await settle(undisturbed, () => Promise.resolve());
            expect(timeless(on)).to.equal(timeless(undisturbed));
          });
        }
      });

      it("changes nothing when all of it is repeated", async () => {
        const on = inMemory();
        const work = await prepare(on);
        await settle(on, work);
        const once = timeless(on);
        await settle(on, work);
        expect(timeless(on)).to.equal(once);
      });
    });
  }
});

/** Repeats the work, then works on every message that it led to. */
async function settle(on: HandlersInMemory, work: Work): Promise<void> {
  await work(on);
  for (let rounds = 0; on.sent.length > 0 && rounds < 10; rounds++) {
    for (const message of on.taken("PutResolutionBasedImageQueue")) await on.render(message);
    for (const message of on.taken("DeleteResolutionBasedImageQueue")) await on.clear(message);
  }
}

/** A DELETE that is repeated moves the epoch again; nothing else may differ. */
const timeless = (on: HandlersInMemory): string => on.snapshot().replace(/\["epoch",\d+\]/g, '["epoch"]');
