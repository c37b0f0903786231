import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { StreamPolling, StreamRecord } from "../dynamodb/streams";
import { errorMessage } from "../errorMessage";
import type { Pattern } from "../events/pattern";
import { AwsError } from "../http/awsError";
import type { SqsDelivery } from "../sqs/serviceCalls";
import { failedIdentifiers } from "./batchResponse";
import type { InvocationResult } from "./invocation";
import type { LambdaAdmin } from "./lambda";

/** One event source mapping of a table's stream to a function. */
export interface StreamMapping {
  uuid: string;
  streamArn: string;
  functionArn: string;
  batchSize: number;
  batchingWindowSeconds: number;
  startsAtOldest: boolean;
  /** Any of them lets a record pass; all do where there is none. */
  filters: Pattern[];
  reportsItemFailures: boolean;
  bisects: boolean;
  /** −1: until the stream forgets a record. */
  maximumRetryAttempts: number;
  maximumRecordAgeSeconds: number;
  /** ARN of the queue that receives abandoned changes. */
  onFailure?: string;
  enabled: boolean;
}

interface StreamPollerOptions {
  mapping: StreamMapping;
  streams: StreamPolling;
  sqs: SqsDelivery;
  lambda: Pick<LambdaAdmin, "functionConfig" | "run" | "slotFree">;
  onTrouble: (line: string) => void;
  onBatchEnd: () => void;
  /** The pause before a failed batch is tried again; longer each time, as on AWS, where it is left out. */
  retrySeconds?: () => number | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** A stream keeps its records for a day. */
const DAY_SECONDS = 24 * 60 * 60;
const longestPauseSeconds = 60;

/**
 * Reads one table's stream as the function's role, and runs the function with what passes the filters, one batch after
 * another: a stream has one shard here, so that the changes of every item come in their order.
 */
export class StreamPoller {
  private readonly stop = new AbortController();
  private polling: Promise<void> | undefined;
  private running = false;
  private position: string;
  /** How often the batch at this position failed, and how many of its records are tried next. */
  private failures = 0;
  private limit: number;

  constructor(private readonly options: StreamPollerOptions) {
    const { mapping, streams } = options;
    const start = mapping.startsAtOldest ? "" : streams.newest(mapping.streamArn);
    this.position = streams.position(mapping.uuid) ?? start;
    this.limit = mapping.batchSize;
  }

  /** True while a change is to be read, or is worked on. */
  get busy(): boolean {
    const { streams, mapping } = this.options;
    return this.running || (mapping.enabled && streams.newest(mapping.streamArn) > this.position);
  }

  start(): void {
    this.polling ??= this.poll();
  }

  /** Stops polling, after the batch that runs. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.polling;
  }

  private async poll(): Promise<void> {
    const { mapping, streams, lambda, onTrouble, onBatchEnd } = this.options;
    const { signal } = this.stop;
    while (!signal.aborted) {
      try {
        await lambda.slotFree(signal);
        const { principal } = lambda.functionConfig(mapping.functionArn);
        const newest = streams.newest(mapping.streamArn);
        const batch = await streams.read(mapping.streamArn, this.position, this.limit, principal);
        if (batch.length === 0 && newest > this.position)
          this.position = newest; // the stream has forgotten them
        else if (batch.length === 0) await this.changed();
        else if (!(await this.waits(batch))) await this.work(batch);
      } catch (error) {
        if (this.stop.signal.aborted) return;
        onTrouble(errorMessage(error));
        await this.pause();
      } finally {
        this.running = false;
        onBatchEnd();
      }
    }
  }

  /** Resolves with the next change of any table. */
  private async changed(): Promise<void> {
    const { streams, mapping } = this.options;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        end();
        this.stop.signal.removeEventListener("abort", done);
        resolve();
      };
      const end = streams.onChange(done);
      this.stop.signal.addEventListener("abort", done);
      if (streams.newest(mapping.streamArn) > this.position || this.stop.signal.aborted) done();
    });
  }

  /** Whether more may come within the batching window. */
  private async waits(batch: StreamRecord[]): Promise<boolean> {
    const { batchingWindowSeconds } = this.options.mapping;
    const first = batch[0]?.dynamodb.ApproximateCreationDateTime ?? 0;
    const left = first + batchingWindowSeconds - this.options.now() / 1000;
    if (this.failures > 0 || batch.length >= this.limit || left <= 0) return false;
    await delay(left * 1000, undefined, { signal: this.stop.signal }).catch(() => undefined);
    return true;
  }

  private async work(batch: StreamRecord[]): Promise<void> {
    const { mapping, lambda, now } = this.options;
    this.running = true;
    const oldest = now() / 1000 - (mapping.maximumRecordAgeSeconds < 0 ? DAY_SECONDS : mapping.maximumRecordAgeSeconds);
    const fresh = batch.filter(({ dynamodb }) => dynamodb.ApproximateCreationDateTime >= oldest);
    const passes = (record: StreamRecord): boolean =>
      mapping.filters.length === 0 || mapping.filters.some((filter) => filter(record));
    this.discard(
      batch.filter((record) => !fresh.includes(record) && passes(record)),
      "RecordAgeExceeded",
    );
    const records = fresh.filter(passes);
    if (records.length === 0) {
      this.advance(batch);
      return;
    }
    const result = await lambda.run(mapping.functionArn, { Records: records }).catch((error: unknown) => {
      if (error instanceof AwsError && error.status === 429) return undefined; // throttled: not a try
      throw error;
    });
    if (this.stop.signal.aborted) return;
    if (result === undefined) return this.pause();
    const failed = firstFailure(records, result, mapping.reportsItemFailures);
    if (failed === undefined) this.advance(batch);
    else await this.fail(batch, records, failed);
  }

  /** @param failed the first record that failed */
  private async fail(batch: StreamRecord[], records: StreamRecord[], failed: StreamRecord): Promise<void> {
    const { mapping } = this.options;
    const index = batch.indexOf(failed);
    if (index > 0) {
      this.advance(batch.slice(0, index)); // the rest is read again from there
      return;
    }
    if (mapping.bisects && records.length > 1) {
      this.limit = Math.ceil(batch.length / 2); // "does not count against the retry quota"
    } else {
      this.failures += 1;
      const isLast = mapping.maximumRetryAttempts >= 0 && this.failures > mapping.maximumRetryAttempts;
      if (isLast) {
        this.discard(records, "RetryAttemptsExhausted");
        this.advance(batch);
        return;
      }
    }
    await this.pause();
  }

  private advance(read: StreamRecord[]): void {
    const { streams, mapping } = this.options;
    this.position = read.at(-1)?.dynamodb.SequenceNumber ?? this.position;
    streams.move(mapping.uuid, this.position);
    this.failures = 0;
    this.limit = mapping.batchSize;
  }

  private async pause(): Promise<void> {
    const retrySeconds = this.options.retrySeconds?.() ?? Math.min(2 ** this.failures, longestPauseSeconds);
    await delay(retrySeconds * 1000, undefined, { signal: this.stop.signal }).catch(() => undefined);
  }

  /** Tells the mapping's destination of changes that are given up: where they are, and not what they are. */
  private discard(records: StreamRecord[], condition: "RecordAgeExceeded" | "RetryAttemptsExhausted"): void {
    const { mapping, lambda, sqs, onTrouble, now } = this.options;
    const [first, last] = [records[0], records.at(-1)];
    if (first === undefined || last === undefined) return;
    onTrouble(`${records.length} changes are given up: ${condition}`);
    if (mapping.onFailure === undefined) return;
    const arrival = ({ dynamodb }: StreamRecord): string => iso(dynamodb.ApproximateCreationDateTime * 1000);
    // https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    const notice = {
      requestContext: {
        requestId: randomUUID(),
        functionArn: mapping.functionArn,
        condition,
        approximateInvokeCount: this.failures,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: new Date(now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: SHARD,
        startSequenceNumber: first.dynamodb.SequenceNumber,
        endSequenceNumber: last.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: arrival(first),
        approximateArrivalOfLastRecord: arrival(last),
        batchSize: records.length,
        streamArn: mapping.streamArn,
      },
    };
    sqs.deliver(mapping.onFailure, JSON.stringify(notice), lambda.functionConfig(mapping.functionArn).principal);
  }
}

/** The one shard of a stream. */
const SHARD = "shardId-00000000000000000000-00000000";
const iso = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/**
 * The first record of a batch that failed. Of several failures "Lambda uses the lowest sequence number as the checkpoint", and
 * takes an answer that is malformed, or names another record, for the failure of all.
 */
function firstFailure(
  records: StreamRecord[],
  result: InvocationResult,
  reportsItemFailures: boolean,
): StreamRecord | undefined {
  const failed = reportsItemFailures ? failedIdentifiers(result.payload) : [];
  const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
  if (result.functionError !== undefined || failed?.every((id) => numbers.includes(id)) !== true) return records[0];
  return records.find(({ dynamodb }) => failed.includes(dynamodb.SequenceNumber));
}
