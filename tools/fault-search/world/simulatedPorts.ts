import type { EdgeCaches, ImageMetadata, Images, Queue, SweepLists, TempImages } from "../../../handlers/ports";
import type { DeleteResolutionBasedImageMessage, PutResolutionBasedImageMessage } from "../../../handlers/records";
import { sha256 } from "../../../handlers/protocol/generation";
import type { S3EventMessage } from "../../../handlers/protocol/messages";
import { simulatedLists } from "./simulatedLists";
import type { EdgeCaches as SimulatedEdgeCaches } from "./stores/edgeCaches";
import type { ImagesBucket } from "./stores/imagesBucket";
import type { MetadataTable } from "./stores/metadataTable";
import type { QueueName } from "./stores/queues";
import type { TempBucket } from "./stores/tempBucket";

/** Everything that is stored. */
export interface Stores {
  temp: TempBucket;
  images: ImagesBucket;
  edgeCaches: SimulatedEdgeCaches;
  metadata: MetadataTable;
}

/**
 * Carries out one port call: it decides when, whether, and whether the caller learns of it. Of a batch it may carry out a
 * part: the first `most` entries.
 */
export type Perform = <Result>(
  name: string,
  about: readonly unknown[],
  effect: (most?: number) => Result,
) => Promise<Result>;

/** The start of an upload is so short that some are longer. */
const START_BYTES = 40;

/** Batches are small, so that many of them are full. */
const BATCH = 2;

export interface SimulatedPorts {
  temp: TempImages;
  images: Images;
  edgeCaches: EdgeCaches;
  metadata: ImageMetadata;
  lists: SweepLists;
  uploadQueue: Queue<S3EventMessage>;
  putQueue: Queue<PutResolutionBasedImageMessage>;
  deleteQueue: Queue<DeleteResolutionBasedImageMessage>;
}

/**
 * The handlers' ports on simulated stores. Every call goes through `perform` with its name and its subject.
 * @example
 * const images = new ImagesBucket();
 * const stores = { temp: new TempBucket(), images, edgeCaches: new EdgeCaches(images), metadata: new MetadataTable() };
 * const ports = simulatedPorts(stores, async (_name, _subject, effect) => effect(), (queue, body) => sent.push(body));
 */
export function simulatedPorts(
  { temp, images, edgeCaches, metadata }: Stores,
  perform: Perform,
  send: (queue: QueueName, body: string) => void,
): SimulatedPorts {
  const inBatches = async <Entry>(
    name: string,
    key: string[],
    entries: Entry[],
    work: (entry: Entry) => void,
  ): Promise<void> => {
    for (let from = 0; from < entries.length; from += BATCH) {
      const batch = entries.slice(from, from + BATCH);
      await perform(name, [...key, ...batch], (most) => batch.slice(0, most).forEach(work));
    }
  };
  const queue = (port: string, to: QueueName) => ({
    send: (...messages: unknown[]) =>
      inBatches(`${port}.send`, [], messages, (message) => send(to, JSON.stringify(message))),
  });
  return {
    temp: {
      read: (key, versionId) =>
        perform("temp.read", [key, versionId], () => {
          const upload = temp.read(key, versionId);
          if (!upload) return undefined;
          const { body, ...told } = upload;
          const read = (from: number, to: number) =>
            perform("temp.read", [key, versionId], () => temp.read(key, versionId)?.body.subarray(from, to));
          const source = JSON.stringify([key, versionId]);
          const etag = sha256(body).slice(0, 32);
          return { ...told, source, bytes: body.byteLength, etag, start: body.subarray(0, START_BYTES), read };
        }),
      versions: (key, most) => perform("temp.versions", [key], () => temp.versions(key, most)),
      delete: (key, ...versionIds) =>
        inBatches("temp.delete", [key], versionIds, (versionId) => temp.delete(key, versionId)),
    },
    images: {
      read: (imageId) =>
        perform("images.read", [imageId], () => {
          const body = images.read(imageId);
          return body && new Uint8Array(body);
        }),
      create: (imageId, body) => perform("images.create", [imageId, body], () => void images.create(imageId, body)),
      copy: (source, imageId) =>
        perform("images.copy", [imageId, source], () => {
          const [key = "", versionId = ""] = JSON.parse(source) as string[];
          const upload = temp.read(key, versionId);
          if (upload) images.create(imageId, upload.body);
          return upload !== undefined;
        }),
      list: (prefix) => perform("images.list", [prefix], () => images.list(prefix)),
      delete: (imageId) => perform("images.delete", [imageId], () => images.delete(imageId)),
    },
    edgeCaches: {
      forget: (imageIds) => perform("edgeCaches.forget", imageIds, () => edgeCaches.forget(imageIds)),
    },
    metadata: {
      readRaw: (original) => perform("metadata.readRaw", [original], () => metadata.raw(original)),
      updateRaw: (original, update) =>
        perform("metadata.updateRaw", [original, update], () => metadata.updateRaw(original, update)),
    },
    lists: simulatedLists({ temp, images, metadata }, perform),
    uploadQueue: queue("uploadQueue", "PutRawImageQueue"),
    putQueue: queue("putQueue", "PutResolutionBasedImageQueue"),
    deleteQueue: queue("deleteQueue", "DeleteResolutionBasedImageQueue"),
  };
}
