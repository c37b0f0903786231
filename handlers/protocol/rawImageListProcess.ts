import { statusShards } from "./listing";
import { imageStatus, type ImageStatus } from "./rawImageGetProcess";
import type { NameIndex } from "../ports";
import type { ListedRecord, ListedStatus } from "../records";

export interface RawImageListPorts {
  index: NameIndex;
}
/** Names of one status that begin with a prefix. */
export interface ListQuery {
  status: ListedStatus;
  prefix: string;
}
/** An image as `GET` tells it, without its renditions. */
export type ListedImage = Omit<ImageStatus, "renditions" | "deletedAt">;
export interface ListPage {
  /** Newest first. */
  images: ListedImage[];
  /** Where the next page begins; undefined on the last one. */
  next?: string;
}

/** A page ends after it has read so many entries of the index, however few of them have the prefix. */
const MOST_READ = 1_000;
/** Entries of a shard that are read beyond its share of the page: shards are not equally full. */
const SPARE = 4;
const LONGEST_PART = 200;

/**
 * Lists names from the newest: merges the shards of a status by their entries' positions, which never change. Each shard is
 * read in parts, the first ones just long enough for most pages, each next one twice as long.
 */
export function rawImageListProcess({ index }: RawImageListPorts) {
  return async ({ status, prefix }: ListQuery, before: string | undefined, limit: number): Promise<ListPage> => {
    const shards = statusShards(status);
    const part = Math.ceil(limit / shards.length) + SPARE;
    const sources = shards.map((shard): Source => ({ shard, part, next: before, isOpen: true, entries: [] }));
    const images: ListedImage[] = [];
    let read = 0;
    for (let last = before; ;) {
      // A page that went on without one of these might pass over an entry.
      const dry = sources.filter(({ entries, isOpen }) => entries.length === 0 && isOpen);
      if (dry.length > 0) {
        if (read >= MOST_READ) return { images, next: last };
        for (const count of await Promise.all(dry.map((source) => readOn(index, source)))) read += count;
        continue;
      }
      const entry = newestOf(sources);
      if (entry === undefined) return { images };
      last = entry.listPosition;
      if (entry.original.startsWith(prefix)) images.push(listedImage(entry));
      if (images.length === limit) {
        const isOver = sources.every(({ entries, isOpen }) => entries.length === 0 && !isOpen);
        return isOver ? { images } : { images, next: last };
      }
    }
  };
}

/** One shard, as far as it is read. */
interface Source {
  shard: string;
  /** Entries to read the next time. */
  part: number;
  /** Where that begins. */
  next: string | undefined;
  isOpen: boolean;
  /** Read and not taken yet, from the newest. */
  entries: ListedRecord[];
}

/** Reads the next part of a shard. Returns the number of entries. */
async function readOn(index: NameIndex, source: Source): Promise<number> {
  const { entries, next } = await index.newest(source.shard, source.next, source.part);
  Object.assign(source, { entries, next, isOpen: next !== undefined, part: Math.min(source.part * 2, LONGEST_PART) });
  return entries.length;
}

/** Takes the newest entry of all sources; undefined where none is left. */
function newestOf(sources: Source[]): ListedRecord | undefined {
  let newest: Source | undefined;
  for (const source of sources) {
    const [entry] = source.entries;
    if (entry && (newest?.entries[0] === undefined || entry.listPosition > newest.entries[0].listPosition)) {
      newest = source;
    }
  }
  return newest?.entries.shift();
}

function listedImage(entry: ListedRecord): ListedImage {
  const image: Partial<ImageStatus> & ListedImage = imageStatus(entry);
  delete image.renditions;
  return image;
}
