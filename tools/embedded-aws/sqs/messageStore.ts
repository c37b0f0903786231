import type { DatabaseSync } from "node:sqlite";
import type { MessageAttributes } from "./messageAttributes";
import type { Queue } from "./queueStore";
import { newNonce, type Receipt } from "./receiptHandle";

/** A message as it is kept. Times are milliseconds since 1970. */
export interface StoredMessage {
  sequence: number;
  id: string;
  body: string;
  md5: string;
  attributes: MessageAttributes;
  /** System attributes that the sender gave: `AWSTraceHeader`, `MessageGroupId`. */
  system: Record<string, string>;
  senderId: string;
  sentAt: number;
  receives: number;
  firstReceivedAt: number;
  /** The queue from which it came here as a dead letter. */
  deadLetterSourceArn?: string;
}

export interface ReceivedMessage extends StoredMessage {
  receipt: Receipt;
}

interface NewMessage extends Pick<
  StoredMessage,
  "id" | "body" | "md5" | "attributes" | "system" | "senderId" | "sentAt"
> {
  visibleAt: number;
}

export interface MessageCounts {
  visible: number;
  inFlight: number;
  delayed: number;
}

/** The state of a receipt: `gone` once its message was deleted, moved or expired, `stale` after a later receive. */
type ReceiptState = "inFlight" | "visible" | "stale" | "gone";

/**
 * The messages of all queues. A message is in flight while its receipt is set and it is not visible yet, delayed while it
 * is neither visible nor was ever received. `held` marks those that an event source mapping received: their environments
 * die with this process, so that they become visible again when it starts.
 */
export class MessageStore {
  private readonly statements;

  constructor(private readonly db: DatabaseSync) {
    db.exec(`CREATE TABLE IF NOT EXISTS sqs_message (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT, queue_id INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
      md5 TEXT NOT NULL, attributes TEXT, system TEXT, sender_id TEXT NOT NULL, sent_at INTEGER NOT NULL,
      visible_at INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0, first_received_at INTEGER, nonce TEXT,
      held INTEGER NOT NULL DEFAULT 0, dead_letter_source TEXT);
      CREATE INDEX IF NOT EXISTS sqs_message_visible ON sqs_message (queue_id, visible_at, sequence)`);
    this.statements = prepare(db);
  }

  add(queue: Queue, message: NewMessage): void {
    this.statements.insert.run(
      queue.id,
      message.id,
      message.body,
      message.md5,
      jsonOrNull(message.attributes),
      jsonOrNull(message.system),
      message.senderId,
      message.sentAt,
      message.visibleAt,
    );
  }

  /** The next messages that are visible, oldest visibility first. */
  visible(queue: Queue, now: number, limit: number): StoredMessage[] {
    const rows = this.statements.visible.all(queue.id, now, now - queue.settings.retentionMs, limit);
    return (rows as unknown as Row[]).map(toMessage);
  }

  /** Marks a message as received. */
  receive(queue: Queue, message: StoredMessage, at: number, visibleAt: number, held: boolean): ReceivedMessage {
    const nonce = newNonce();
    const firstReceivedAt = message.firstReceivedAt === 0 ? at : message.firstReceivedAt;
    this.statements.receive.run(firstReceivedAt, visibleAt, nonce, held ? 1 : 0, message.sequence);
    const receipt = { queueId: queue.id, sequence: message.sequence, nonce };
    return { ...message, receives: message.receives + 1, firstReceivedAt, receipt };
  }

  /** Puts a message into its dead-letter queue; id, time of sending and number of receives stay. */
  bury(message: StoredMessage, source: Queue, deadLetterQueue: Queue, now: number): void {
    this.statements.bury.run(deadLetterQueue.id, now, source.arn, message.sequence);
  }

  state(receipt: Receipt, now: number): ReceiptState {
    const row = this.statements.find.get(receipt.sequence, receipt.queueId) as
      { visible_at: number; nonce: string | null } | undefined;
    if (row === undefined) return "gone";
    if (row.nonce !== receipt.nonce) return "stale";
    return row.visible_at > now ? "inFlight" : "visible";
  }

  setVisibility(sequence: number, visibleAt: number): void {
    this.statements.setVisibility.run(visibleAt, sequence);
  }

  remove(sequence: number): void {
    this.statements.remove.run(sequence);
  }

  removeAll(queue: Queue): void {
    this.db.prepare("DELETE FROM sqs_message WHERE queue_id = ?").run(queue.id);
  }

  /** Deletes what is past the queue's retention period. */
  expire(queue: Queue, now: number): void {
    this.statements.expire.run(queue.id, now - queue.settings.retentionMs);
  }

  counts(queue: Queue, now: number): MessageCounts {
    const row = this.statements.counts.get(now, now, now, queue.id, now - queue.settings.retentionMs);
    const { visible, in_flight, delayed } = row as unknown as Record<
      "visible" | "in_flight" | "delayed",
      number | null
    >;
    return { visible: visible ?? 0, inFlight: in_flight ?? 0, delayed: delayed ?? 0 };
  }

  isEmpty(queue: Queue, now: number): boolean {
    return this.statements.any.get(queue.id, now - queue.settings.retentionMs) === undefined;
  }

  /** When the next hidden message becomes visible, or undefined. */
  nextVisibleAt(queue: Queue, now: number): number | undefined {
    const row = this.statements.nextVisibleAt.get(queue.id, now) as unknown as { at: number | null };
    return row.at ?? undefined;
  }

  /** Makes visible again what event source mappings of an earlier run of this process had received. */
  releaseHeld(now: number): void {
    this.db.prepare("UPDATE sqs_message SET visible_at = min(visible_at, ?), held = 0 WHERE held = 1").run(now);
  }
}

function prepare(db: DatabaseSync) {
  return {
    insert: db.prepare(
      `INSERT INTO sqs_message (queue_id, id, body, md5, attributes, system, sender_id, sent_at, visible_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    visible: db.prepare(
      `SELECT * FROM sqs_message WHERE queue_id = ? AND visible_at <= ? AND sent_at > ?
       ORDER BY visible_at, sequence LIMIT ?`,
    ),
    receive: db.prepare(
      `UPDATE sqs_message SET receives = receives + 1, first_received_at = ?, visible_at = ?, nonce = ?, held = ?
       WHERE sequence = ?`,
    ),
    bury: db.prepare(
      `UPDATE sqs_message SET queue_id = ?, visible_at = ?, nonce = NULL, held = 0, dead_letter_source = ?
       WHERE sequence = ?`,
    ),
    find: db.prepare("SELECT visible_at, nonce FROM sqs_message WHERE sequence = ? AND queue_id = ?"),
    setVisibility: db.prepare("UPDATE sqs_message SET visible_at = ?, held = 0 WHERE sequence = ?"),
    remove: db.prepare("DELETE FROM sqs_message WHERE sequence = ?"),
    expire: db.prepare("DELETE FROM sqs_message WHERE queue_id = ? AND sent_at <= ?"),
    counts: db.prepare(
      `SELECT sum(visible_at <= ?) AS visible, sum(visible_at > ? AND nonce IS NOT NULL) AS in_flight,
       sum(visible_at > ? AND nonce IS NULL) AS delayed FROM sqs_message WHERE queue_id = ? AND sent_at > ?`,
    ),
    any: db.prepare("SELECT 1 FROM sqs_message WHERE queue_id = ? AND sent_at > ? LIMIT 1"),
    nextVisibleAt: db.prepare("SELECT min(visible_at) AS at FROM sqs_message WHERE queue_id = ? AND visible_at > ?"),
  };
}

interface Row {
  sequence: number;
  id: string;
  body: string;
  md5: string;
  attributes: string | null;
  system: string | null;
  sender_id: string;
  sent_at: number;
  receives: number;
  first_received_at: number | null;
  dead_letter_source: string | null;
}

const toMessage = (row: Row): StoredMessage => ({
  sequence: row.sequence,
  id: row.id,
  body: row.body,
  md5: row.md5,
  attributes: row.attributes === null ? {} : (JSON.parse(row.attributes) as MessageAttributes),
  system: row.system === null ? {} : (JSON.parse(row.system) as Record<string, string>),
  senderId: row.sender_id,
  sentAt: row.sent_at,
  receives: row.receives,
  firstReceivedAt: row.first_received_at ?? 0,
  deadLetterSourceArn: row.dead_letter_source ?? undefined,
});

const jsonOrNull = (record: object): string | null =>
  Object.keys(record).length === 0 ? null : JSON.stringify(record);
