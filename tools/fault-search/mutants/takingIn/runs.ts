import type { RawUpdate } from "../../../../handlers/ports";
import type { RawRecord } from "../../../../handlers/records";
import type { Changes, Ports } from "../atPorts";

/** The function that takes uploads in. */
export const taking = "rawImagePutProcess";

/** The updates that record a generation, and those that record a rejection. */
export const records = ({ set }: RawUpdate): boolean => set?.generation !== undefined;
export const rejects = ({ set }: RawUpdate): boolean => set?.rejectedReason !== undefined;
export const ofGeneration = (change: (update: RawUpdate) => RawUpdate | undefined) => (update: RawUpdate) =>
  records(update) ? change(update) : undefined;
export const ofRejection = (change: (update: RawUpdate) => RawUpdate | undefined) => (update: RawUpdate) =>
  rejects(update) ? change(update) : undefined;

/** Notes which upload a run works on, and whether it is gone. */
export function watchUpload({ temp }: Ports) {
  const seen = { key: "", versionId: "", gone: false };
  const read: Ports["temp"]["read"] = async (key, versionId) => {
    const upload = await temp.read(key, versionId);
    Object.assign(seen, { key, versionId, gone: upload === undefined });
    return upload;
  };
  const remove: Ports["temp"]["delete"] = async (key, versionId) => {
    await temp.delete(key, versionId);
    seen.gone = true;
  };
  return { seen, read, remove };
}

/** Messages that ask to clear away what was stored of an upload: where `instead` gives something to do, it is done. */
export function clearingUploads({ deleteQueue }: Ports, instead: () => (() => void) | undefined): Ports["deleteQueue"] {
  return {
    send: async (...messages) => {
      for (const message of messages) {
        const other = "upload" in message ? instead() : undefined;
        if (other) other();
        else await deleteQueue.send(message);
      }
    },
  };
}

/** The mistake that objects of an upload stay where `isKept` says so, of whether the upload is gone. */
export function keptWhere(ports: Ports, strike: () => void, isKept: (isGone: boolean) => boolean): Changes {
  const { seen, read, remove } = watchUpload(ports);
  return {
    temp: { read, delete: remove },
    deleteQueue: clearingUploads(ports, () => (isKept(seen.gone) ? strike : undefined)),
  };
}

/** Every reading and refused update shows the record as `view` changes it. */
export function seeing({ metadata }: Ports, view: (record: RawRecord) => RawRecord): Partial<Ports["metadata"]> {
  return {
    readRaw: async (name) => {
      const record = await metadata.readRaw(name);
      return record && view(record);
    },
    updateRaw: async (name, update) => {
      const result = await metadata.updateRaw(name, update);
      return result.applied || !result.record ? result : { applied: false, record: view(result.record) };
    },
  };
}
