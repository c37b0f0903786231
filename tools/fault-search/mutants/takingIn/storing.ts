import { atPorts } from "../atPorts";
import type { Mutant } from "../mutant";
import { records, taking, watchUpload } from "./runs";

/** Mistakes on the way from an upload to its original. */
export const storingMutants: Mutant[] = [
  atPorts(
    taking,
    {
      name: "upload-first",
      mistake: "the upload is removed before the next functions are told",
      equivalent: "a redelivery tells the next functions whatever the record shows, whether or not the upload is there",
    },
    (ports, strike) => {
      const { seen, read } = watchUpload(ports);
      return {
        temp: { read },
        putQueue: {
          send: async (...messages) => {
            strike();
            await ports.temp.delete(seen.key, seen.versionId);
            await ports.putQueue.send(...messages);
          },
        },
      };
    },
  ),
  atPorts(
    taking,
    { name: "upload-before-record", mistake: "the upload is removed before its generation is recorded" },
    (ports, strike) => {
      const { seen, read } = watchUpload(ports);
      return {
        temp: { read },
        images: {
          copy: async (...original) => {
            strike();
            const isStored = await ports.images.copy(...original);
            await ports.temp.delete(seen.key, seen.versionId);
            return isStored;
          },
        },
      };
    },
  ),
  atPorts(taking, { name: "upload-kept", mistake: "the upload is never removed" }, (ports, strike) => {
    let recorded = false;
    return {
      metadata: {
        updateRaw: async (name, update) => {
          const result = await ports.metadata.updateRaw(name, update);
          recorded ||= records(update) && result.applied;
          return result;
        },
      },
      temp: {
        delete: async (key, versionId) => {
          if (!recorded) await ports.temp.delete(key, versionId);
          else strike();
        },
      },
    };
  }),
  atPorts(
    taking,
    { name: "record-before-original", mistake: "the generation is recorded before its original is stored" },
    ({ images, metadata }, strike) => {
      let original: Parameters<typeof images.copy> | undefined;
      return {
        images: {
          copy: (...given) => {
            original = given;
            return Promise.resolve(true);
          },
        },
        metadata: {
          updateRaw: async (name, update) => {
            const result = await metadata.updateRaw(name, update);
            if (records(update) && result.applied && original) {
              strike();
              await images.copy(...original);
            }
            return result;
          },
        },
      };
    },
  ),
  atPorts(
    taking,
    { name: "newest-copied", mistake: "the original is a copy of the name's newest upload" },
    ({ images, temp }, strike) => ({
      images: {
        copy: async (source, ...to) => {
          const [key = ""] = JSON.parse(source) as string[];
          const [newest] = await temp.versions(key, 1);
          const other = newest ? JSON.stringify([key, newest.versionId]) : source;
          if (other !== source) strike();
          return images.copy(other, ...to);
        },
      },
    }),
  ),
  atPorts(
    taking,
    {
      name: "gone-is-copied",
      mistake: "an upload that went before it was copied counts as stored",
      equivalent: "whatever removes an upload moved the record on before, so that no generation is recorded",
    },
    ({ images }, strike) => ({
      images: {
        copy: async (...original) => {
          if (!(await images.copy(...original))) strike();
          return true;
        },
      },
    }),
  ),
];
