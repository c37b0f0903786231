import type { DatabaseSync } from "node:sqlite";
import { queueDoesNotExist } from "./errors";
import type { QueueAttributes, QueueSettings } from "./queueAttributes";
import { settingsOf } from "./queueAttributes";

export interface Queue {
  id: number;
  name: string;
  arn: string;
  attributes: QueueAttributes;
  tags: Record<string, string>;
  /** Milliseconds since 1970. */
  createdAt: number;
  modifiedAt: number;
  /** The attributes, parsed. */
  settings: QueueSettings;
}

/** The queues, kept in the database and held in memory, because every message needs its queue's settings. */
export class QueueStore {
  private readonly byArn = new Map<string, Queue>();

  constructor(
    private readonly db: DatabaseSync,
    private readonly arnOf: (name: string) => string,
    private readonly now: () => number,
  ) {
    db.exec(`CREATE TABLE IF NOT EXISTS sqs_queue (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, attributes TEXT NOT NULL, tags TEXT NOT NULL,
      created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL)`);
    const rows = db.prepare("SELECT * FROM sqs_queue").all() as unknown as Row[];
    for (const row of rows) this.hold(row);
  }

  list(): Queue[] {
    return [...this.byArn.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(arn: string): Queue | undefined {
    return this.byArn.get(arn);
  }

  named(name: string): Queue | undefined {
    return this.byArn.get(this.arnOf(name));
  }

  /** @throws QueueDoesNotExist */
  get(arn: string): Queue {
    const queue = this.byArn.get(arn);
    if (queue === undefined) throw queueDoesNotExist();
    return queue;
  }

  /** The queue by the URL that a caller names it by; only account and name count, because hosts differ by how one got here. */
  byUrl(url: string): Queue {
    const name = url.split("/").pop() ?? "";
    const queue = this.named(name);
    if (queue === undefined) throw queueDoesNotExist();
    return queue;
  }

  create(name: string, attributes: QueueAttributes, tags: Record<string, string>): Queue {
    const at = this.now();
    const { lastInsertRowid } = this.db
      .prepare("INSERT INTO sqs_queue (name, attributes, tags, created_at, modified_at) VALUES (?, ?, ?, ?, ?)")
      .run(name, JSON.stringify(attributes), JSON.stringify(tags), at, at);
    return this.hold({
      id: Number(lastInsertRowid),
      name,
      attributes: JSON.stringify(attributes),
      tags: JSON.stringify(tags),
      created_at: at,
      modified_at: at,
    });
  }

  update(queue: Queue, change: { attributes?: QueueAttributes; tags?: Record<string, string> }): Queue {
    const row = {
      id: queue.id,
      name: queue.name,
      attributes: JSON.stringify(change.attributes ?? queue.attributes),
      tags: JSON.stringify(change.tags ?? queue.tags),
      created_at: queue.createdAt,
      modified_at: change.attributes === undefined ? queue.modifiedAt : this.now(),
    };
    this.db
      .prepare("UPDATE sqs_queue SET attributes = ?, tags = ?, modified_at = ? WHERE id = ?")
      .run(row.attributes, row.tags, row.modified_at, row.id);
    return this.hold(row);
  }

  remove(queue: Queue): void {
    this.db.prepare("DELETE FROM sqs_queue WHERE id = ?").run(queue.id);
    this.byArn.delete(queue.arn);
  }

  /** Queues whose dead letters go to this one. */
  sourcesOf(deadLetterArn: string): Queue[] {
    return this.list().filter((queue) => queue.settings.redrive?.deadLetterTargetArn === deadLetterArn);
  }

  private hold(row: Row): Queue {
    const attributes = JSON.parse(row.attributes) as QueueAttributes;
    const queue = {
      id: row.id,
      name: row.name,
      arn: this.arnOf(row.name),
      attributes,
      tags: JSON.parse(row.tags) as Record<string, string>,
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
      settings: settingsOf(attributes),
    };
    this.byArn.set(queue.arn, queue);
    return queue;
  }
}

interface Row {
  id: number;
  name: string;
  attributes: string;
  tags: string;
  created_at: number;
  modified_at: number;
}
