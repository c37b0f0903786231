import type { RecordChange } from "../../../../handlers/protocol/announcing";

/** One update of a record, as the table's stream tells of it. */
export interface StoredChange extends RecordChange {
  sequenceNumber: string;
  /** No function can read it. */
  unreadable?: true;
}

/** The changes of one item that are still to be read, in their order: those of different items come in any order. */
export interface Shard {
  id: number;
  waiting: StoredChange[];
  /** A run reads it; a second one begins after that. */
  isRead: boolean;
}

/** The stream of the table. */
export class RecordStream {
  private readonly shards = new Map<string, Shard>();
  private length = 0;

  add(original: string, change: Omit<StoredChange, "sequenceNumber">): StoredChange {
    const shard = this.shards.get(original) ?? { id: this.shards.size + 1, waiting: [], isRead: false };
    this.shards.set(original, shard);
    this.length += 1;
    const stored = { ...change, sequenceNumber: String(this.length) };
    shard.waiting.push(stored);
    return stored;
  }

  /** The shards of which a run may begin to read. */
  readable(): Shard[] {
    return [...this.shards.values()].filter(({ waiting, isRead }) => waiting.length > 0 && !isRead);
  }
}
