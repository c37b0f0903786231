import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { errorMessage } from "../errorMessage";
import { AwsError } from "../http/awsError";
import type { SqsMessage, SqsPolling } from "../sqs/serviceCalls";
import { finishedMessages } from "./batchResponse";
import type { FunctionConfig } from "./functionConfig";
import { sqsEvent } from "./sqsEvent";
import type { LambdaAdmin } from "./lambda";

/** One event source mapping of a queue to a function. */
export interface MappingConfig {
  uuid: string;
  queueArn: string;
  functionArn: string;
  batchSize: number;
  batchingWindowSeconds: number;
  maximumConcurrency?: number;
  reportsItemFailures: boolean;
  enabled: boolean;
}

interface PollerOptions {
  mapping: MappingConfig;
  sqs: SqsPolling;
  lambda: Pick<LambdaAdmin, "functionConfig" | "run" | "slotFree">;
  /** Called once with each different failure. */
  onTrouble: (line: string) => void;
  /** Called whenever a batch has ended. */
  onBatchEnd: () => void;
  /** Makes the messages of a failed batch visible after so many seconds, instead of when their visibility times out. */
  retrySeconds?: () => number | undefined;
}

/** AWS starts with five pollers per mapping; here that is how many batches run at once unless the mapping limits it. */
const usualConcurrency = 5;
const longPollSeconds = 20;
/** Lambda sends at most 6 MB to a function. */
const maximumBatchBytes = 6 * 1024 * 1024;
const pauseAfterTroubleMs = 1000;

/** Receives from a queue as the function's role, and runs the function with what it received. */
export class QueuePoller {
  private readonly stop = new AbortController();
  private readonly batches = new Set<Promise<void>>();
  private batchEnded: () => void = () => undefined;
  private polling: Promise<void> | undefined;

  constructor(private readonly options: PollerOptions) {}

  /** True while a batch runs or is being gathered. */
  get busy(): boolean {
    return this.batches.size > 0 || this.gathering;
  }
  private gathering = false;

  start(): void {
    this.polling ??= this.poll();
  }

  /** Stops polling. Resolves at once; batches that still run end without touching the queue any more. */
  async close(): Promise<void> {
    this.stop.abort();
    this.batchEnded();
    await this.polling;
  }

  private async poll(): Promise<void> {
    const { mapping, lambda } = this.options;
    const concurrency = mapping.maximumConcurrency ?? usualConcurrency;
    while (!this.stop.signal.aborted) {
      try {
        // Messages that are not received yet keep their whole visibility timeout for the function.
        await lambda.slotFree(this.stop.signal);
        const messages = await this.gather();
        this.gathering = false;
        if (messages.length > 0) this.run(messages);
        if (this.batches.size >= concurrency) await new Promise<void>((resolve) => (this.batchEnded = resolve));
      } catch (error) {
        this.gathering = false;
        this.options.onTrouble(errorMessage(error));
        await delay(pauseAfterTroubleMs, undefined, { signal: this.stop.signal }).catch(() => undefined);
      }
    }
  }

  /** One batch: what the queue has at once, or what comes within the batching window. */
  private async gather(): Promise<SqsMessage[]> {
    const { batchSize, batchingWindowSeconds } = this.options.mapping;
    const messages = await this.receive(batchSize, longPollSeconds);
    this.gathering = messages.length > 0;
    const until = performance.now() + batchingWindowSeconds * 1000;
    while (messages.length > 0 && messages.length < batchSize && bytesOf(messages) < maximumBatchBytes) {
      const left = (until - performance.now()) / 1000;
      if (left <= 0 || this.stop.signal.aborted) break;
      messages.push(...(await this.receive(batchSize - messages.length, left)));
    }
    return messages;
  }

  private receive(max: number, waitSeconds: number): Promise<SqsMessage[]> {
    const { mapping, sqs } = this.options;
    return sqs.receive(mapping.queueArn, {
      max: Math.min(max, 10),
      waitSeconds,
      principal: this.config().principal,
      signal: this.stop.signal,
    });
  }

  private run(messages: SqsMessage[]): void {
    const batch = this.process(messages)
      .catch((error: unknown) => {
        if (!this.stop.signal.aborted) this.options.onTrouble(errorMessage(error));
      })
      .finally(() => {
        this.batches.delete(batch);
        this.batchEnded();
        this.options.onBatchEnd();
      });
    this.batches.add(batch);
  }

  private async process(messages: SqsMessage[]): Promise<void> {
    const { mapping, sqs, lambda } = this.options;
    const result = await lambda.run(mapping.functionArn, sqsEvent(mapping, messages)).catch((error: unknown) => {
      // Throttled: the messages come back, as from a function that failed.
      if (error instanceof AwsError && error.status === 429)
        return { functionError: "Unhandled" as const, payload: null };
      throw error;
    });
    if (this.stop.signal.aborted) return;
    const done = finishedMessages(messages, result, mapping.reportsItemFailures);
    if (done.length > 0) sqs.delete(mapping.queueArn, handles(done), this.config().principal);
    const retrySeconds = this.options.retrySeconds?.();
    if (retrySeconds === undefined || done.length === messages.length) return;
    const failed = messages.filter((message) => !done.includes(message));
    sqs.release(mapping.queueArn, handles(failed), retrySeconds);
  }

  private config(): FunctionConfig {
    return this.options.lambda.functionConfig(this.options.mapping.functionArn);
  }
}

const handles = (messages: readonly SqsMessage[]): string[] => messages.map(({ receiptHandle }) => receiptHandle);

const bytesOf = (messages: readonly SqsMessage[]): number =>
  messages.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
