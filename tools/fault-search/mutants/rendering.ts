import type { RawUpdate } from "../../../handlers/ports";
import type { RawRecord, StoredRendition } from "../../../handlers/records";
import { allOf, keysOf } from "../../../handlers/protocol/generation";
import type { DecoderPorts, DecoderProcess } from "../../../handlers/image/watch";
import { handlers } from "../world/deployedHandlers";
import { atPorts, atUpdates, keeping, leaving, without, type Changes, type Ports } from "./atPorts";
import { atSource } from "./atSource";
import type { Mutant } from "./mutant";

const rendering = "resolutionBasedImagePutProcess";

const concludes = ({ set }: RawUpdate): boolean =>
  set?.status === "READY" || (set?.status === "FAILED" && set.givenUp === undefined);

/** Removes nothing while `when` holds. */
function keepWhile(ports: Ports, strike: () => void, when: () => boolean): Required<Pick<Changes, "images">> {
  return { images: { delete: async (imageId) => (when() ? strike() : ports.images.delete(imageId)) } };
}

/** Of a record, where there is one, sends only messages about generations that it knows to be superseded. */
function knownAlone(
  queue: Ports["deleteQueue"],
  record: () => RawRecord | undefined,
  strike: () => void,
): Ports["deleteQueue"] {
  return {
    send: async (...messages) => {
      const seen = record();
      const isKnown = (message: object) =>
        !seen || !("manifest" in message) || seen.superseded?.includes(String(message.manifest));
      const known = messages.filter(isKnown);
      if (known.length < messages.length) strike();
      await queue.send(...known);
    },
  };
}

/** READY tells otherwise under which image type's key an object lies; `change` returns undefined where it does not. */
const sharing = (
  about: Omit<Mutant, "load">,
  change: (rendition: StoredRendition, first: StoredRendition) => Pick<StoredRendition, "storedAs"> | undefined,
): Mutant =>
  atUpdates(rendering, about, ({ set, ...update }) => {
    const told = set?.renditions ?? [];
    const renditions = told.map((rendition) => {
      const changed = told[0] && change(rendition, told[0]);
      return changed ? { ...rendition, storedAs: undefined, ...changed } : rendition;
    });
    const differs = renditions.some((rendition, index) => rendition !== told[index]);
    return differs ? { ...update, set: { ...set, renditions } } : undefined;
  });

/** The watch over the decoder with other ports, where `change` returns any. */
const watching = (
  about: Omit<Mutant, "load">,
  change: (ports: DecoderPorts, strike: () => void) => Partial<DecoderPorts>,
): Mutant => ({
  ...about,
  load: (strike) => ({
    ...handlers,
    watchedDecoder: (ports, ...limits) => handlers.watchedDecoder({ ...ports, ...change(ports, strike) }, ...limits),
  }),
});

/** Mistakes on the way from a generation to its renditions. */
export const renderingMutants: Mutant[] = [
  atPorts(
    rendering,
    { name: "ready-before-objects", mistake: "READY is recorded before the renditions are stored" },
    ({ images, metadata }, strike) => {
      let live: RawRecord | undefined;
      return {
        metadata: { readRaw: async (name) => (live = await metadata.readRaw(name)) },
        images: {
          read: async (imageId) => {
            strike();
            await metadata.updateRaw(live?.original ?? "", {
              when: [
                { attribute: "generation", oneOf: [live?.generation ?? ""] },
                { attribute: "status", oneOf: ["PROCESSING"] },
              ],
              set: { status: "READY" },
            });
            return images.read(imageId);
          },
        },
      };
    },
  ),
  atUpdates(
    rendering,
    { name: "ready-keeps-reason", mistake: "a READY image keeps the reason for which it was given up" },
    (update) => (update.set?.status === "READY" ? keeping(update, "reason") : undefined),
  ),
  atUpdates(
    rendering,
    { name: "ready-any-generation", mistake: "READY is recorded whatever generation is live" },
    (update) => (concludes(update) ? without(update, "generation") : undefined),
  ),
  atUpdates(
    rendering,
    {
      name: "ready-any-status",
      mistake: "a READY or FAILED generation is concluded again",
    },
    (update) => (concludes(update) ? without(update, "status") : undefined),
  ),
  atPorts(
    rendering,
    { name: "stale-renditions-kept", mistake: "renditions of a generation that was replaced meanwhile stay" },
    ({ metadata, deleteQueue }, strike) => {
      let seen: RawRecord | undefined;
      let replaced = false;
      return {
        deleteQueue: knownAlone(deleteQueue, () => (replaced ? seen : undefined), strike),
        metadata: {
          updateRaw: async (name, update) => {
            const result = await metadata.updateRaw(name, update);
            seen = result.record;
            replaced = !result.applied;
            return result;
          },
        },
      };
    },
  ),
  atPorts(
    rendering,
    { name: "stale-message-ignored", mistake: "a stale message does not clear away what a dead run stored" },
    ({ images, metadata, deleteQueue }, strike) => {
      let seen: RawRecord | undefined;
      let stale = true;
      return {
        deleteQueue: knownAlone(deleteQueue, () => (stale ? seen : undefined), strike),
        images: {
          read: (imageId) => {
            stale = false;
            return images.read(imageId);
          },
        },
        metadata: { readRaw: async (name) => (seen = await metadata.readRaw(name)) },
      };
    },
  ),
  atPorts(
    rendering,
    { name: "stale-removed-alone", mistake: "stale renditions are removed from the bucket and not from edge caches" },
    ({ images, metadata, deleteQueue }, strike) => {
      let seen: RawRecord | undefined;
      return {
        metadata: {
          readRaw: async (name) => (seen = await metadata.readRaw(name)),
          updateRaw: async (name, update) => {
            const result = await metadata.updateRaw(name, update);
            seen = result.record;
            return result;
          },
        },
        deleteQueue: {
          send: async (...messages) => {
            for (const message of messages) {
              if ("upload" in message || seen?.superseded?.includes(message.manifest)) await deleteQueue.send(message);
              else {
                strike();
                for (const imageId of allOf(keysOf(message.original, message.manifest))) await images.delete(imageId);
              }
            }
          },
        },
      };
    },
  ),
  atUpdates(rendering, { name: "live-kept", mistake: "READY keeps the generation that was live before" }, (update) =>
    keeping(update, "live"),
  ),
  atUpdates(
    rendering,
    { name: "replaced-forgotten", mistake: "the generation that was live until READY is not remembered" },
    (update) => leaving(update, "superseded"),
  ),
  atPorts(
    rendering,
    { name: "replaced-untold", mistake: "no message asks to clear away what was live until READY" },
    (_, strike) => ({ deleteQueue: { send: () => Promise.resolve().then(strike) } }),
  ),
  atPorts(
    rendering,
    { name: "replaced-untold-again", mistake: "a redelivery trusts that what was live until READY is cleared away" },
    ({ metadata, deleteQueue }, strike) => {
      let concluded = false;
      return {
        metadata: {
          updateRaw: async (name, update) => {
            const result = await metadata.updateRaw(name, update);
            concluded ||= concludes(update) && result.applied;
            return result;
          },
        },
        deleteQueue: { send: async (...messages) => (concluded ? deleteQueue.send(...messages) : strike()) },
      };
    },
  ),
  atUpdates(rendering, { name: "failure-ends-live", mistake: "FAILED takes the live generation away" }, (update) =>
    update.set?.status === "FAILED" ? { ...update, remove: [...(update.remove ?? []), "live"] } : undefined,
  ),
  atSource({
    name: "live-renditions-removed",
    mistake: "a late message about the live generation removes its renditions while a newer one is pending",
  }),
  atUpdates(
    rendering,
    { name: "renditions-untold", mistake: "READY is recorded without its renditions" },
    ({ set, ...update }) => (set?.renditions ? { ...update, set: { ...set, renditions: undefined } } : undefined),
  ),
  atUpdates(
    rendering,
    { name: "expected-kept", mistake: "a READY record keeps the list of the renditions that it was to get" },
    (update) => keeping(update, "expected"),
  ),
  atUpdates(
    rendering,
    { name: "renditions-by-name", mistake: "the renditions are recorded in the order of their names" },
    ({ set, ...update }) => {
      const renditions = [...(set?.renditions ?? [])].sort((a, b) => (a.imageType < b.imageType ? -1 : 1));
      const differs = renditions.some(({ imageType }, index) => set?.renditions?.[index]?.imageType !== imageType);
      return differs ? { ...update, set: { ...set, renditions } } : undefined;
    },
  ),
  atUpdates(
    rendering,
    { name: "one-format", mistake: "of an image type in several formats, the last alone is recorded" },
    ({ set, ...update }) => {
      const all = set?.renditions ?? [];
      const renditions = [...new Map(all.map((rendition) => [rendition.imageType, rendition])).values()];
      return renditions.length < all.length ? { ...update, set: { ...set, renditions } } : undefined;
    },
  ),
  atPorts(
    rendering,
    { name: "shared-stored-twice", mistake: "renditions that are the same are stored one by one" },
    ({ makeRenditions }, strike) => ({
      makeRenditions: (original, specs, store, focus) =>
        makeRenditions(
          original,
          specs,
          ({ sameAs, ...rendition }) => {
            if (sameAs) strike();
            return store(rendition);
          },
          focus,
        ),
    }),
  ),
  sharing(
    { name: "shared-as-own", mistake: "a rendition that shares an object is recorded as one with its own" },
    ({ storedAs }) => (storedAs === undefined ? undefined : {}),
  ),
  sharing(
    { name: "all-shared", mistake: "every rendition is recorded as one that shares the first one's object" },
    ({ imageType, storedAs }, first) =>
      imageType === first.imageType || storedAs !== undefined ? undefined : { storedAs: first.imageType },
  ),
  atPorts(
    rendering,
    { name: "bytes-of-the-original", mistake: "a rendition's bytes are those of the original" },
    ({ makeRenditions, metadata }, strike) => {
      let bytes = 0;
      return {
        makeRenditions: (original, ...more) => {
          bytes = original.byteLength;
          return makeRenditions(original, ...more);
        },
        metadata: {
          updateRaw: (name, update) => {
            const { set } = update;
            if (!set?.renditions) return metadata.updateRaw(name, update);
            strike();
            const renditions = set.renditions.map((rendition) => ({ ...rendition, bytes }));
            return metadata.updateRaw(name, { ...update, set: { ...set, renditions } });
          },
        },
      };
    },
  ),
  atPorts(
    rendering,
    { name: "any-original", mistake: "the renditions are made of the first original in the bucket" },
    ({ images }, strike) => ({
      images: {
        read: async (imageId) => {
          const [first = imageId] = await images.list("raw/");
          if (first !== imageId) strike();
          return images.read(first);
        },
      },
    }),
  ),
  atPorts(
    rendering,
    { name: "undecodable-retried", mistake: "an original that cannot be decoded fails its message" },
    ({ makeRenditions }, strike) => ({
      makeRenditions: async (original, specs, store) => {
        const made = await makeRenditions(original, specs, store);
        if (made.undecodable === undefined) return made;
        strike();
        throw new Error(made.undecodable);
      },
    }),
  ),
  atPorts(
    rendering,
    {
      name: "decoder-end-retried",
      mistake: "an original that ends the decoder, or that it is stopped for, fails its message",
    },
    ({ makeRenditions }, strike) => ({
      makeRenditions: async (...order) => {
        const made = await makeRenditions(...order);
        if (!made.undecodable || !made.cause.startsWith("decoder-")) return made;
        strike();
        throw new Error(made.undecodable);
      },
    }),
  ),
  watching(
    { name: "decoder-answers-mixed", mistake: "an answer about an earlier original counts for the next one" },
    (ports, strike) => ({
      start() {
        const process = ports.start();
        let current = 0;
        return {
          ...process,
          send(order, original) {
            current = order.id;
            process.send(order, original);
          },
          async next() {
            const answer = await process.next();
            if (!answer || "ready" in answer || answer.id === current) return answer;
            strike();
            return { ...answer, id: current };
          },
        };
      },
    }),
  ),
  watching({ name: "decoder-not-replaced", mistake: "a decoder that ended is used again" }, (ports, strike) => {
    let first: DecoderProcess | undefined;
    return {
      start() {
        if (first) strike();
        return (first ??= ports.start());
      },
    };
  }),
  watching({ name: "decoder-never-stopped", mistake: "a decoder may work for ever" }, (_, strike) => ({
    pause() {
      strike();
      return new Promise(() => undefined);
    },
  })),
  atPorts(
    rendering,
    { name: "failed-renditions-kept", mistake: "the renditions that were made of an undecodable original stay" },
    (ports, strike) => {
      let concluded = false;
      const { images } = keepWhile(ports, strike, () => concluded);
      return {
        images,
        metadata: {
          updateRaw: async (name, update) => {
            const result = await ports.metadata.updateRaw(name, update);
            concluded = concludes(update) && result.record?.status === "FAILED";
            return result;
          },
        },
      };
    },
  ),
  atPorts(
    rendering,
    { name: "given-up-for-good", mistake: "an image that was given up stays FAILED, though a later try succeeds" },
    ({ metadata }, strike) => ({
      metadata: {
        readRaw: async (name) => {
          const record = await metadata.readRaw(name);
          if (!record?.givenUp) return record;
          strike();
          return { ...record, givenUp: undefined };
        },
      },
    }),
  ),
  atPorts(
    rendering,
    {
      name: "failed-not-finished",
      mistake: "a redelivery leaves what a dead run made of an undecodable original",
    },
    (ports, strike) => {
      let failed = false;
      const { images } = keepWhile(ports, strike, () => failed);
      return {
        images,
        metadata: {
          readRaw: async (name) => {
            const record = await ports.metadata.readRaw(name);
            failed = record?.status === "FAILED";
            return record;
          },
        },
      };
    },
  ),
];
