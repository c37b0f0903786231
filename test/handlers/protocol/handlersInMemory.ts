import {
  EdgeCaches,
  ImagesBucket,
  inspectUpload,
  limits,
  makeRenditions,
  MetadataTable,
  s3Event,
  simulatedPorts,
  TempBucket,
  uploadBody,
  type Perform,
  type UploadKind,
} from "../../../tools/fault-search";
import { tempKey } from "../../../handlers/protocol/objectName";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import { RECORD_ROOM } from "../../../handlers/protocol/recordRoom";
import type { JournalLine, UserMetadata } from "../../../handlers/ports";
import { rawImageDeleteProcess } from "../../../handlers/protocol/rawImageDeleteProcess";
import { rawImagePutProcess } from "../../../handlers/protocol/rawImagePutProcess";
import { resolutionBasedImageDeleteProcess } from "../../../handlers/protocol/resolutionBasedImageDeleteProcess";
import { resolutionBasedImagePutProcess } from "../../../handlers/protocol/resolutionBasedImagePutProcess";
import { sweepProcess } from "../../../handlers/protocol/sweepProcess";

/** The clock stands still. */
export const NOW_SECONDS = Date.parse("2030-01-01T00:00:00Z") / 1000;

export type Side = "before" | "after";
interface Sent {
  queue: string;
  message: unknown;
}

/** Two renditions, each the only one of its image type. */
export const imageTypes: RenditionSpec[] = [
  { imageType: "large", width: 20, height: 20, fit: "inside", format: "jpeg", quality: 80 },
  { imageType: "small", width: 2, height: 2, fit: "cover", format: "webp", quality: 80 },
];

/** The handlers on in-memory ports that note every call, and can fail one. */
export function inMemory({ renditions = imageTypes, room = RECORD_ROOM } = {}) {
  let now = NOW_SECONDS * 1000;
  const clock = () => now;
  const images = new ImagesBucket(clock);
  const edgeCaches = new EdgeCaches(images);
  const stores = { temp: new TempBucket(clock), images, edgeCaches, metadata: new MetadataTable() };
  const calls: string[] = [];
  const sent: Sent[] = [];
  const journal: JournalLine[] = [];
  let fault: { call: number; side: Side } | undefined;
  /** Something that happens in the world just before a call is carried out. */
  let meanwhile: { call: string; happens: () => Promise<void> | void } | undefined;

  const perform: Perform = async (name, _about, effect) => {
    calls.push(name);
    const hit = fault?.call === calls.length ? fault.side : undefined;
    if (hit === "before") throw new Error(`no answer to ${name}`);
    if (meanwhile?.call === name) {
      const { happens } = meanwhile;
      meanwhile = undefined;
      await happens();
    }
    const result = effect();
    if (hit === "after") throw new Error(`no answer to ${name}`);
    return result;
  };
  const ports = {
    ...simulatedPorts(stores, perform, (queue, body) => sent.push({ queue, message: JSON.parse(body) })),
    inspectUpload,
    limits,
    makeRenditions,
    imageTypes: renditions,
    room,
    clock: { now: clock },
    journal: {
      finished: (line: JournalLine) => void journal.push(line),
      note: () => undefined,
      failed: () => undefined,
    },
  };
  return {
    stores,
    calls,
    sent,
    journal,
    ports,
    /** Fails the call with this number, from 1, counted from now. */
    failCall: (call: number, side: Side) => {
      calls.length = 0;
      fault = { call, side };
    },
    heal: () => (fault = undefined),
    pass: (milliseconds: number) => (now += milliseconds),
    /** Lets something happen just before the next call of this name. */
    before: (call: string, happens: () => Promise<void> | void) => (meanwhile = { call, happens }),
    /** Stores an upload and returns the message that S3 sends of it. */
    upload(kind: UploadKind = "good", tag = "1", name = "a.jpg", userMetadata: UserMetadata = {}): unknown {
      const stored = stores.temp.put(tempKey(name), uploadBody(kind, tag), userMetadata);
      return JSON.parse(s3Event(stored, now));
    },
    put: (message: unknown, receiveCount = 1) => rawImagePutProcess(ports)(message, { receiveCount }),
    render: (message: unknown, lastTry = false, receiveCount = 1) =>
      resolutionBasedImagePutProcess(ports)(message, { lastTry, receiveCount }),
    remove: rawImageDeleteProcess(ports),
    clear: resolutionBasedImageDeleteProcess(ports),
    sweep: sweepProcess(ports),
    record: (name = "a.jpg") => stores.metadata.raw(name),
    /** The messages sent to a queue since it was last asked. */
    taken(queue: "PutRawImageQueue" | "PutResolutionBasedImageQueue" | "DeleteResolutionBasedImageQueue"): unknown[] {
      const messages = sent.filter((one) => one.queue === queue).map(({ message }) => message);
      sent.splice(0, sent.length, ...sent.filter((one) => one.queue !== queue));
      return messages;
    },
    /** Everything that is stored, as text. */
    snapshot: () =>
      JSON.stringify({
        temp: stores.temp.all().map(({ versionId }) => versionId),
        images: stores.images.list(""),
        records: stores.metadata.names().map((name) => {
          const record = stores.metadata.raw(name) ?? {};
          return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
        }),
      }),
  };
}
export type HandlersInMemory = ReturnType<typeof inMemory>;

/** An upload taken in and rendered: READY. */
export async function ready(on: HandlersInMemory, tag = "1", userMetadata: UserMetadata = {}): Promise<void> {
  await on.put(on.upload("good", tag, "a.jpg", userMetadata));
  for (const message of on.taken("PutResolutionBasedImageQueue")) await on.render(message);
}
