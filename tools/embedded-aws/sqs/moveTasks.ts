import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../database";
import type { Engine } from "./engine";
import { invalidParameter } from "./errors";
import type { StoredMessage } from "./messageStore";
import type { Queue } from "./queueStore";

export interface MoveTask {
  id: string;
  sourceArn: string;
  /** Absent: each message goes back to the queue it came from. */
  destinationArn?: string;
  maxPerSecond?: number;
  status: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  moved: number;
  toMove: number;
  failureReason?: string;
  /** Milliseconds since 1970. */
  startedAt: number;
}

const batchSize = 100;

/** Dead-letter queue redrive: tasks that move messages out of a dead-letter queue. A running task survives a restart. */
export class MoveTasks {
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;

  constructor(
    private readonly db: DatabaseSync,
    private readonly engine: Engine,
  ) {
    db.exec("CREATE TABLE IF NOT EXISTS sqs_move_task (id TEXT PRIMARY KEY, source TEXT NOT NULL, task TEXT NOT NULL)");
    for (const task of this.all()) if (task.status === "RUNNING") this.schedule(task.id, 0);
  }

  start(source: Queue, destinationArn: string | undefined, maxPerSecond: number | undefined): MoveTask {
    if (this.list(source.arn).some(({ status }) => status === "RUNNING")) {
      throw invalidParameter(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      );
    }
    const { visible } = this.engine.counts(source);
    const task: MoveTask = {
      id: randomUUID(),
      sourceArn: source.arn,
      destinationArn,
      maxPerSecond,
      status: "RUNNING",
      moved: 0,
      toMove: visible,
      startedAt: this.engine.now(),
    };
    this.save(task);
    this.schedule(task.id, 0);
    return task;
  }

  /** The tasks of a source queue, the latest first. */
  list(sourceArn: string): MoveTask[] {
    return this.all()
      .filter((task) => task.sourceArn === sourceArn)
      .reverse();
  }

  find(id: string): MoveTask | undefined {
    return this.all().find((task) => task.id === id);
  }

  cancel(task: MoveTask): void {
    this.save({ ...task, status: "CANCELLED" });
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  private schedule(id: string, milliseconds: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.closed) this.step(id);
    }, milliseconds);
    this.timers.add(timer);
  }

  private step(id: string): void {
    const task = this.find(id);
    if (task?.status !== "RUNNING") return;
    const after = inTransaction(this.db, () => {
      const result = this.moveSome(
        task,
        task.maxPerSecond === undefined ? batchSize : Math.ceil(task.maxPerSecond / 10),
      );
      this.save(result);
      return result;
    });
    if (after.status !== "RUNNING") return;
    const { maxPerSecond } = task;
    this.schedule(id, maxPerSecond === undefined ? 0 : (1000 * Math.ceil(maxPerSecond / 10)) / maxPerSecond);
  }

  private moveSome(task: MoveTask, limit: number): MoveTask {
    const source = this.engine.queues.find(task.sourceArn);
    if (source === undefined)
      return { ...task, status: "FAILED", failureReason: "AWS.SimpleQueueService.NonExistentQueue" };
    const messages = this.engine.messages.visible(source, this.engine.now(), limit);
    let moved = task.moved;
    for (const message of messages) {
      const arn = task.destinationArn ?? message.deadLetterSourceArn;
      if (arn === undefined)
        return { ...task, moved, status: "FAILED", failureReason: "CouldNotDetermineMessageSource" };
      const destination = this.engine.queues.find(arn);
      if (destination === undefined) {
        return { ...task, moved, status: "FAILED", failureReason: "AWS.SimpleQueueService.NonExistentQueue" };
      }
      this.move(message, source, destination);
      moved += 1;
    }
    return { ...task, moved, status: messages.length < limit ? "COMPLETED" : "RUNNING" };
  }

  /** A redriven message is a new message: new id, new time of sending, nothing received yet. */
  private move(message: StoredMessage, source: Queue, destination: Queue): void {
    const at = this.engine.now();
    this.engine.messages.remove(message.sequence);
    this.engine.messages.add(destination, { ...message, id: randomUUID(), sentAt: at, visibleAt: at });
    this.engine.changed(source.id);
    this.engine.changed(destination.id);
  }

  private all(): MoveTask[] {
    const rows = this.db.prepare("SELECT task FROM sqs_move_task ORDER BY rowid").all();
    return (rows as unknown as { task: string }[]).map(({ task }) => JSON.parse(task) as MoveTask);
  }

  private save(task: MoveTask): void {
    this.db
      .prepare(
        "INSERT INTO sqs_move_task (id, source, task) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET task = excluded.task",
      )
      .run(task.id, task.sourceArn, JSON.stringify(task));
  }
}
