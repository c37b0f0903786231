import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../database";
import { checkMessage, checkName, checkRedrive } from "./validation";
import { invalidParameter } from "./errors";
import { md5, type MessageAttributes } from "./messageAttributes";
import { type MessageCounts, MessageStore, type ReceivedMessage, type StoredMessage } from "./messageStore";
import { allowsSource, checkAttributes, initialAttributes, mergeAttributes } from "./queueAttributes";
import type { QueueAttributes } from "./queueAttributes";
import { type Queue, QueueStore } from "./queueStore";
import { decodeReceipt } from "./receiptHandle";
import { Waiters } from "./waiters";

const expiryInterval = 60_000;

export interface Sending {
  body: string;
  attributes?: MessageAttributes;
  system?: Record<string, string>;
  delaySeconds?: number;
  senderId: string;
}

interface Receiving {
  max: number;
  waitSeconds: number;
  visibilitySeconds?: number;
  /** True for an event source mapping, whose messages come back when this process is started again. */
  held?: boolean;
  signal?: AbortSignal;
}

export interface EngineOptions {
  db: DatabaseSync;
  arnOf: (queueName: string) => string;
  now: () => number;
  duplicate: (queueArn: string) => boolean;
}

/** The behaviour of queues, without permissions and wire formats. */
export class Engine {
  readonly queues: QueueStore;
  readonly messages: MessageStore;
  readonly now: () => number;
  private readonly waiters = new Waiters();
  private readonly listeners = new Set<() => void>();
  private readonly expiredAt = new Map<number, number>();
  private closed = false;
  private announced = false;

  constructor(private readonly options: EngineOptions) {
    this.now = options.now;
    this.queues = new QueueStore(options.db, options.arnOf, options.now);
    this.messages = new MessageStore(options.db);
    this.messages.releaseHeld(this.now());
  }

  createQueue(name: string, attributes: QueueAttributes, tags: Record<string, string>): Queue {
    checkName(name, attributes.FifoQueue === "true");
    const merged = mergeAttributes(initialAttributes(), checkAttributes(attributes));
    checkRedrive(this.queues, this.options.arnOf(name), merged);
    return this.queues.create(name, merged, tags);
  }

  setAttributes(queue: Queue, changes: QueueAttributes): Queue {
    const merged = mergeAttributes(queue.attributes, checkAttributes(changes));
    checkRedrive(this.queues, queue.arn, merged);
    const updated = this.queues.update(queue, { attributes: merged });
    this.changed(queue.id); // Receivers may wait by the old settings.
    return updated;
  }

  /** Gives a queue exactly these attributes: what is not among them returns to its initial value. */
  redeclare(queue: Queue, attributes: QueueAttributes, tags: Record<string, string>): void {
    const merged = mergeAttributes(initialAttributes(), checkAttributes(attributes));
    checkRedrive(this.queues, queue.arn, merged);
    this.queues.update(queue, { attributes: merged, tags });
    this.changed(queue.id);
  }

  removeQueue(queue: Queue): void {
    inTransaction(this.options.db, () => {
      this.messages.removeAll(queue);
      this.queues.remove(queue);
    });
    this.changed(queue.id);
  }

  /** Checks and stores a message. Joins the caller's transaction, if one is open. */
  send(
    queue: Queue,
    { body, attributes = {}, system = {}, delaySeconds, senderId }: Sending,
  ): { id: string; md5: string } {
    checkMessage(queue.settings, body, attributes);
    if (delaySeconds !== undefined && !(delaySeconds >= 0 && delaySeconds <= 900)) {
      throw invalidParameter(
        `Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
      );
    }
    const sentAt = this.now();
    const visibleAt = sentAt + (delaySeconds === undefined ? queue.settings.delayMs : delaySeconds * 1000);
    const message = { id: randomUUID(), body, md5: md5(body), attributes, system, senderId, sentAt, visibleAt };
    this.messages.add(queue, message);
    // A standard queue may deliver a message twice. A second copy with the same id shows a consumer the same thing.
    if (this.options.duplicate(queue.arn)) this.messages.add(queue, message);
    this.changed(queue.id);
    return message;
  }

  /** Resolves with messages as soon as there are any; with none after the wait, or when `signal` aborts. */
  async receive(arn: string, receiving: Receiving): Promise<ReceivedMessage[]> {
    const until = performance.now() + receiving.waitSeconds * 1000;
    for (;;) {
      if (this.closed || receiving.signal?.aborted === true) return [];
      const queue = this.queues.get(arn);
      // One moment for both questions: what becomes visible between two moments would be neither taken nor waited for.
      const now = this.now();
      const messages = this.take(queue, receiving, now);
      const left = until - performance.now();
      if (messages.length > 0 || left <= 0) return messages;
      const next = this.messages.nextVisibleAt(queue, now);
      await this.waiters.wait(queue.id, next === undefined ? left : Math.min(left, next - now), receiving.signal);
    }
  }

  /** Deletes a message; one that is gone already, or was received again since, is left as it is, as on AWS. */
  delete(queue: Queue, handle: string): void {
    const receipt = decodeReceipt(handle, queue.id);
    const state = this.messages.state(receipt, this.now());
    if (state !== "inFlight" && state !== "visible") return;
    this.messages.remove(receipt.sequence);
    this.changed(queue.id);
  }

  /**
   * Counts a message's visibility timeout again. As on AWS this works after the timeout has passed, and with the handle of
   * an earlier receive: a slow consumer can release a message under the one that works on it now.
   */
  changeVisibility(queue: Queue, handle: string, seconds: number): void {
    const receipt = decodeReceipt(handle, queue.id);
    if (!(seconds >= 0 && seconds <= 43_200)) {
      throw invalidParameter(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be between 0 and 43200.`,
      );
    }
    const now = this.now();
    const state = this.messages.state(receipt, now);
    if (state === "gone") {
      throw invalidParameter(
        `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    }
    this.messages.setVisibility(receipt.sequence, now + seconds * 1000);
    this.changed(queue.id);
  }

  /** Makes a message in flight visible after `seconds`; one that is not in flight any more is left as it is. */
  release(queue: Queue, handle: string, seconds: number): void {
    const now = this.now();
    const receipt = decodeReceipt(handle, queue.id);
    if (this.messages.state(receipt, now) !== "inFlight") return;
    this.messages.setVisibility(receipt.sequence, now + seconds * 1000);
    this.changed(queue.id);
  }

  purge(queue: Queue): void {
    this.messages.removeAll(queue);
    this.changed(queue.id);
  }

  counts(queue: Queue): MessageCounts {
    return this.messages.counts(queue, this.now());
  }

  /** True when the queue has no message, whether visible or not. */
  isEmpty(queue: Queue): boolean {
    return this.messages.isEmpty(queue, this.now());
  }

  /** Calls `listener` after anything changed in any queue, once the current work is done. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ends all waiting receives, and removes all listeners. */
  close(): void {
    this.closed = true;
    this.listeners.clear();
    this.waiters.wakeAll();
  }

  /** To be called after messages were put into a queue by other ways than `send`. */
  changed(queueId: number): void {
    // Later, because a transaction may still be open around the caller.
    queueMicrotask(() => {
      this.waiters.wake(queueId);
    });
    if (this.announced || this.listeners.size === 0) return;
    this.announced = true;
    setImmediate(() => {
      this.announced = false;
      for (const listener of [...this.listeners]) listener();
    });
  }

  private take(queue: Queue, { max, visibilitySeconds, held = false }: Receiving, now: number): ReceivedMessage[] {
    this.expireSometimes(queue, now);
    const visibleAt = now + (visibilitySeconds ?? queue.settings.visibilitySeconds) * 1000;
    return inTransaction(this.options.db, () => {
      for (;;) {
        const messages = this.messages.visible(queue, now, max);
        if (this.buryExhausted(queue, messages, now)) continue; // Others are next in line now.
        return messages.map((message) => this.messages.receive(queue, message, now, visibleAt, held));
      }
    });
  }

  /** Moves to the dead-letter queue what was received as often as the redrive policy allows. */
  private buryExhausted(queue: Queue, messages: StoredMessage[], now: number): boolean {
    const { redrive } = queue.settings;
    if (redrive === undefined) return false;
    const exhausted = messages.filter(({ receives }) => receives >= redrive.maxReceiveCount);
    if (exhausted.length === 0 || redrive.deadLetterTargetArn === queue.arn) return false;
    const deadLetterQueue = this.queues.find(redrive.deadLetterTargetArn);
    // A source that is no longer admitted keeps its messages.
    if (deadLetterQueue === undefined || !allowsSource(deadLetterQueue.settings.redriveAllow, queue.arn)) return false;
    for (const message of exhausted) this.messages.bury(message, queue, deadLetterQueue, now);
    this.changed(queue.id);
    this.changed(deadLetterQueue.id);
    return true;
  }

  private expireSometimes(queue: Queue, now: number): void {
    if (now - (this.expiredAt.get(queue.id) ?? 0) < expiryInterval) return;
    this.expiredAt.set(queue.id, now);
    this.messages.expire(queue, now);
  }
}
