import { liveOf, manifestFor, neededKeys, uploadTag } from "./generation";
import { isUnlisted } from "./listing";
import { tempKey } from "./objectName";
import type { IsDue, SweepPorts } from "./sweepProcess";
import { sendAgain } from "./sweepRecords";
import type { ListedImage } from "../ports";
import type { PutResolutionBasedImageMessage, RawRecord } from "../records";

/**
 * Has objects deleted to which no record refers: a request that its client gave up stored them when they were not wanted
 * any more. Returns the number of messages.
 */
export async function sweepImages(ports: SweepPorts, images: ListedImage[], due: IsDue): Promise<number> {
  let sent = 0;
  const asked = new Set<string>();
  for (const { imageId, storedAt } of images) {
    const found = partsOf(imageId);
    if (found === undefined) continue;
    const before = await ports.metadata.readRaw(found.name);
    if (before && found.imageType === "raw" && isUnlisted(before)) {
      await ports.deleteQueue.send({ original: found.name, upload: "none" }); // about no upload at all
      sent += 1;
    }
    const { updatedAt = storedAt } = before ?? {};
    // It may have been wanted until the record changed.
    if (!due(storedAt > updatedAt ? storedAt : updatedAt)) continue;
    // The uploads are listed before the record is read: one that is gone by then is never recorded after that.
    const waits = found.imageType === "raw" && (await isWaiting(ports, found));
    const record = await ports.metadata.readRaw(found.name);
    const message = waits ? undefined : messageFor(imageId, found, record);
    const text = JSON.stringify(message);
    if (message !== undefined && !asked.has(text)) {
      asked.add(text);
      if (isForRenditions(message)) await ports.putQueue.send(message);
      else await ports.deleteQueue.send(message);
      sent += 1;
    }
    // Every image that is served has an original: on the way its record is looked at as well.
    if (record?.status === "READY" && found.imageType === "raw") sent += await sendAgain(ports, record, due);
  }
  return sent;
}

interface Parts {
  imageType: string;
  name: string;
  generation: string;
  /** Of a rendition that a backfill made. */
  revision?: string;
  extension: string;
}

function partsOf(imageId: string): Parts | undefined {
  const [, imageType = "", name = "", generation = "", revision, extension = ""] =
    /^([^/]+)\/([^/]+)\/([0-9a-f]{48})(?:-([1-9]\d*))?\.([a-z]+)$/.exec(imageId) ?? [];
  return imageType === "" ? undefined : { imageType, name, generation, revision, extension };
}

/** Whether the upload of an original may still be recorded. */
async function isWaiting({ temp }: SweepPorts, { name, generation }: Parts): Promise<boolean> {
  const versions = await temp.versions(tempKey(name));
  return versions.some(({ versionId }) => generation.startsWith(uploadTag(versionId)));
}

type Message = PutResolutionBasedImageMessage | { original: string; manifest: string };
const isForRenditions = (message: Message): message is PutResolutionBasedImageMessage => "uploadedAt" in message;

/** The message that has an object deleted, or undefined for one to which the record refers. */
function messageFor(
  imageId: string,
  { imageType, name, generation, revision, extension }: Parts,
  record: RawRecord | undefined,
): Message | undefined {
  const original = name;
  const rendition = [imageType, ...(revision === undefined ? [] : [revision]), extension].join(".");
  if (liveOf(record)?.generation === generation) {
    return neededKeys(name, record).has(imageId) ? undefined : { original, manifest: `${generation} ${rendition}` };
  }
  const newest = manifestFor(record);
  if (record && newest?.startsWith(generation)) {
    // A FAILED generation has its original alone: the function that made renditions of it removes them. One that was
    // given up may have some: a message about it would start a new try each hour.
    const failed = record.status === "FAILED" && !record.givenUp && imageType !== "raw";
    return failed ? { original, manifest: newest, uploadedAt: record.uploadedAt ?? record.updatedAt } : undefined;
  }
  const superseded = record?.superseded?.find((manifest) => manifest.startsWith(generation));
  if (superseded !== undefined) return { original, manifest: superseded };
  const manifest = imageType === "raw" ? `${generation}.${extension}` : `${generation}.jpg ${rendition}`;
  return { original, manifest };
}
