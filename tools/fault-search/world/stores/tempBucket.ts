import type { StoredVersion, Upload, UserMetadata } from "../../../../handlers/ports";

/** One version of an upload, and the event that S3 sends of it. */
export interface StoredUpload {
  key: string;
  versionId: string;
  sequencer: string;
  body: Uint8Array;
  userMetadata: UserMetadata;
  /** Milliseconds since 1970. */
  storedAt: number;
  /** When S3 had finished the request: the time that its event tells. */
  finishedAt: number;
}

/** As S3 tells times. */
export const toTheSecond = (milliseconds: number): string =>
  new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();

/** Sequencers have different lengths: longer ones are not newer. */
const TAILS = ["F00D", "", "8", "2C", "", "D15EA5E"];

/** So many milliseconds after it began an upload is finished. */
const DURATIONS = [0, 40, 2_900, 0, 900];

/** The versioned bucket of uploads. */
export class TempBucket {
  constructor(private readonly now: () => number = () => 0) {}

  private readonly uploads: StoredUpload[] = [];
  private stored = 0;
  /** Version ids of the uploads that expired. */
  readonly expired = new Set<string>();

  put(key: string, body: Uint8Array, userMetadata: UserMetadata = {}): StoredUpload {
    this.stored += 1;
    const time = (0x5aed6d + this.stored).toString(16).toUpperCase().padStart(10, "0");
    const tail = TAILS[this.stored % TAILS.length] ?? "";
    const versionId = `v${this.stored}`;
    const storedAt = this.now();
    const finishedAt = storedAt + (DURATIONS[this.stored % DURATIONS.length] ?? 0);
    const upload = { key, versionId, sequencer: time + tail, body, userMetadata, storedAt, finishedAt };
    this.uploads.push(upload);
    return upload;
  }

  read(key: string, versionId: string): (Pick<Upload, "userMetadata" | "storedAt"> & { body: Uint8Array }) | undefined {
    const found = this.uploads.find((upload) => upload.key === key && upload.versionId === versionId);
    if (!found) return undefined;
    const { body, userMetadata, storedAt } = found;
    return { body, userMetadata, storedAt: toTheSecond(storedAt) };
  }

  /** Newest first. */
  versions(key: string, most = Infinity): StoredVersion[] {
    const all = this.uploads.filter((upload) => upload.key === key).reverse();
    return all.slice(0, most).map(({ versionId, storedAt }) => ({ versionId, storedAt: toTheSecond(storedAt) }));
  }

  delete(key: string, versionId: string): void {
    const index = this.uploads.findIndex((upload) => upload.key === key && upload.versionId === versionId);
    if (index >= 0) this.uploads.splice(index, 1);
  }

  /** The bucket's lifecycle removes uploads that were left too long. */
  expire(): void {
    for (const { versionId } of this.uploads.splice(0)) this.expired.add(versionId);
  }

  all(): readonly StoredUpload[] {
    return this.uploads;
  }
}

/**
 * An S3 event's body, as it arrives in the queue: the key is URL-encoded and a space is `+`.
 * @example
 * await rawImagePutProcess(ports)(JSON.parse(s3Event(temp.put("images/a.jpg", bytes), Date.now())), { receiveCount: 1 });
 */
export function s3Event(
  { key, versionId, sequencer }: Pick<StoredUpload, "key" | "versionId" | "sequencer">,
  now: number,
): string {
  const encoded = encodeURIComponent(key).replace(/%20/g, "+").replace(/%2F/g, "/");
  const object = { key: encoded, versionId, sequencer };
  const record = { eventName: "ObjectCreated:Put", eventTime: new Date(now).toISOString(), s3: { object } };
  return JSON.stringify({ Records: [record] });
}
