import { sweepImages } from "./sweepImages";
import { isDue, nextPass } from "./sweepPass";
import { sweepRecords } from "./sweepRecords";
import { sweepUploads } from "./sweepUploads";
import type { Clock, ImageMetadata, Journal, Page, Queue, SweepLists, SweepPosition, TempImages } from "../ports";
import type { DeleteResolutionBasedImageMessage, PutResolutionBasedImageMessage } from "../records";
import type { S3EventMessage } from "./messages";

export interface SweepPorts {
  lists: SweepLists;
  temp: Pick<TempImages, "versions">;
  metadata: Pick<ImageMetadata, "readRaw">;
  uploadQueue: Queue<S3EventMessage>;
  putQueue: Queue<PutResolutionBasedImageMessage>;
  deleteQueue: Queue<DeleteResolutionBasedImageMessage>;
  clock: Clock;
  journal: Journal;
}
/** Whether something that has waited since then is to be sent on its way. */
export type IsDue = (since: string) => boolean;

/** Pages of each list that one run looks at. The names of a status are on one page for each shard, at least. */
const MOST_PAGES = 10;
const MOST_NAME_PAGES = 20;

/**
 * Finds what got lost and sends it on its way again, through the queues: records that are stuck, uploads whose message
 * was lost, and objects that a late request left. It changes nothing itself. A run looks at a part of everything and
 * remembers where it ended. The next run continues there, and starts from the beginning after the end. What is younger
 * than an hour is still on its way: its message waits, or comes once more.
 */
export function sweepProcess(ports: SweepPorts) {
  const { lists, clock, journal } = ports;
  return async (): Promise<void> => {
    const now = new Date(clock.now()).toISOString();
    let position = await lists.readPosition();
    const sweep = async <Entry>(
      part: keyof SweepPosition,
      read: (after: string | undefined) => Promise<Page<Entry>>,
      look: (entries: Entry[], due: IsDue) => Promise<number>,
      most = MOST_PAGES,
    ): Promise<void> => {
      const pass = nextPass(position[part], now);
      let sent = 0;
      for (let pages = 1; pages <= most; pages++) {
        const { entries, next } = await read(pass.after);
        sent += await look(entries, (since) => isDue(since, pass));
        pass.after = next;
        position = { ...position, [part]: pass };
        await lists.writePosition(position);
        if (next === undefined) break;
      }
      if (sent > 0) journal.note(`swept: ${sent} ${part} sent on their way`, { part, sent });
    };
    for (const status of ["PROCESSING", "DELETING", "REJECTED", "FAILED", "READY"] as const) {
      await sweep(
        status,
        (after) => lists.names(status, after),
        (names, due) => sweepRecords(ports, names, due),
        MOST_NAME_PAGES,
      );
    }
    await sweep(
      "uploads",
      (after) => lists.uploads(after),
      (uploads, due) => sweepUploads(ports, uploads, due),
    );
    await sweep(
      "images",
      (after) => lists.images(after),
      (images, due) => sweepImages(ports, images, due),
    );
  };
}
