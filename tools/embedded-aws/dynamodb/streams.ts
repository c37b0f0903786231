import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { AwsError } from "../http/awsError";
import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import type { Place } from "../place";
import type { BatchOperation, Item, Store } from "./dynalite";
import { tableArn } from "./tableArn";
import type { SettingsStore, StreamSettings } from "./tableSettings";

/** One change of an item, as DynamoDB Streams reports it (API_streams_Record.html) and Lambda passes it on. */
export interface StreamRecord {
  eventID: string;
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  eventVersion: "1.1";
  eventSource: "aws:dynamodb";
  awsRegion: string;
  dynamodb: {
    /** Seconds since 1970. */
    ApproximateCreationDateTime: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: string;
  };
  eventSourceARN: string;
  /** Of a removal by time to live. */
  userIdentity?: { type: "Service"; principalId: "dynamodb.amazonaws.com" };
}

/** A change that is about to be written. Its number is given when it is. */
interface StagedChange {
  type: "change";
  table: string;
  record: StreamRecord;
}
export type Write = BatchOperation | StagedChange;

/** An item before and after a write. */
export interface ItemChange {
  table: string;
  before: Item | undefined;
  after: Item | undefined;
  /** DynamoDB itself removes it. */
  expired: boolean;
}

/** The streams of all tables, for those who write them. */
export interface StreamWriting {
  /** The change to write beside an item; none where the table has no stream, or nothing changed. */
  stage(change: ItemChange): StagedChange[];
  /** Writes all or nothing. Changes get their numbers in the order in which they become visible. */
  commit(store: Store, writes: Write[]): Promise<void>;
  /** Forgets changes that are older than a day. */
  trim(store: Store): Promise<void>;
  /** Learns the newest numbers from the store. */
  open(store: Store): Promise<void>;
}

/** The calls of an event source mapping, as the function's role. */
export interface StreamPolling {
  /** Whether a stream is there. */
  exists(streamArn: string): boolean;
  /** @throws AwsError where the principal may not do what Lambda does to read a stream */
  authorize(streamArn: string, principal: Principal): void;
  /** Up to `most` changes after a position, oldest first. */
  read(streamArn: string, after: string, most: number, principal: Principal): Promise<StreamRecord[]>;
  /** The number of the newest change; empty where there is none. */
  newest(streamArn: string): string;
  /** The position of a reader, which survives restarts. */
  position(reader: string): string | undefined;
  move(reader: string, position: string): void;
  /** Told after each change. Returns what ends that. */
  onChange(listener: () => void): () => void;
}

/** DynamoDB's own label of a stream is the time when it was enabled. A preview must know it, so here it is always this. */
export const STREAM_LABEL = "2020-01-01T00:00:00.000";
export const streamArn = (table: string, place: Place): string => `${tableArn(table, place)}/stream/${STREAM_LABEL}`;

const DAY_MS = 24 * 60 * 60 * 1000;
const allStreams = "stream~";
const prefixOf = (table: string): string => `${allStreams}${table}~`;
/** The actions of Lambda's own policy AWSLambdaDynamoDBExecutionRole. ListStreams knows no resource. */
const actions = ["DescribeStream", "GetRecords", "GetShardIterator"];

interface StreamsOptions {
  db: DatabaseSync;
  settings: SettingsStore;
  iam: Iam;
  place: Place;
  now: () => number;
}

export function createStreams({ db, settings, iam, place, now }: StreamsOptions) {
  db.exec("CREATE TABLE IF NOT EXISTS dynamodb_readers (reader TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT");
  const select = db.prepare("SELECT position FROM dynamodb_readers WHERE reader = ?");
  const upsert = db.prepare("INSERT OR REPLACE INTO dynamodb_readers (reader, position) VALUES (?, ?)");
  const newest = new Map<string, string>();
  const listeners = new Set<() => void>();
  let opened: Store | undefined;
  let last = 0;
  let writing: Promise<void> = Promise.resolve();

  const numbered = (write: Write): BatchOperation => {
    if (write.type !== "change") return write;
    // Later than all before, also those of an earlier run that are forgotten.
    last = Math.max(last + 1, now() * 1000);
    const SequenceNumber = `1${String(last).padStart(20, "0")}`;
    const value = { ...write.record, dynamodb: { ...write.record.dynamodb, SequenceNumber } };
    return { type: "put", key: prefixOf(write.table) + SequenceNumber, value };
  };
  const tableOf = (arn: string): string => arn.split("/")[1] ?? "";

  const writes: StreamWriting = {
    stage({ table, before, after, expired }) {
      const stream = settings.of(table).stream;
      if (stream === undefined || JSON.stringify(before) === JSON.stringify(after)) return [];
      return [{ type: "change", table, record: recordOf({ table, before, after, expired }, stream, place, now()) }];
    },
    async commit(store, staged) {
      if (!staged.some(({ type }) => type === "change")) return store.db.batch(staged as BatchOperation[]);
      // One after another: a reader must never see a change before one with a lower number.
      const turn = writing.then(async () => {
        const operations = staged.map(numbered);
        await store.db.batch(operations);
        for (const { key } of operations) noteNewest(key);
      });
      writing = turn.catch(() => undefined);
      await turn;
      for (const listener of [...listeners]) listener();
    },
    async trim(store) {
      const old: BatchOperation[] = [];
      for await (const [key, value] of store.db.iterator({ gte: allStreams, lt: `${allStreams}\u00ff` })) {
        const { ApproximateCreationDateTime: at } = (value as StreamRecord).dynamodb;
        if (at * 1000 < now() - DAY_MS) old.push({ type: "del", key });
      }
      if (old.length > 0) await store.db.batch(old);
    },
    async open(store) {
      opened = store;
      for await (const key of store.db.keys({ gte: allStreams, lt: `${allStreams}\u00ff` })) noteNewest(key);
    },
  };
  const noteNewest = (key: string): void => {
    const [, table = "", number = ""] = key.split("~");
    if (key.startsWith(allStreams)) newest.set(table, number);
  };

  const reads: StreamPolling = {
    exists: (arn) => arn === streamArn(tableOf(arn), place) && settings.of(tableOf(arn)).stream !== undefined,
    authorize(arn, principal) {
      for (const action of actions) iam.authorize({ principal, action: `dynamodb:${action}`, resource: arn });
      iam.authorize({ principal, action: "dynamodb:ListStreams", resource: "*" });
    },
    async read(arn, after, most, principal) {
      iam.authorize({ principal, action: "dynamodb:GetRecords", resource: arn });
      const prefix = prefixOf(tableOf(arn));
      const records: StreamRecord[] = [];
      if (opened === undefined) return records;
      for await (const [, value] of opened.db.iterator({
        gte: prefix + (after && `${after}~`),
        lt: `${prefix}\u00ff`,
      })) {
        records.push(value as StreamRecord);
        if (records.length === most) break;
      }
      return records;
    },
    newest: (arn) => newest.get(tableOf(arn)) ?? "",
    position: (reader) => (select.get(reader) as { position: string } | undefined)?.position,
    move: (reader, position) => void upsert.run(reader, position),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return { writes, reads };
}

function recordOf({ table, before, after, expired }: ItemChange, stream: StreamSettings, place: Place, now: number) {
  const item = after ?? before ?? {};
  const { viewType } = stream;
  const images = {
    ...(viewType.startsWith("NEW") && after !== undefined && { NewImage: after }),
    ...(viewType.endsWith("OLD_IMAGES") || viewType === "OLD_IMAGE"
      ? before !== undefined && { OldImage: before }
      : {}),
  };
  const Keys = Object.fromEntries(stream.keys.flatMap((key) => (item[key] ? [[key, item[key]]] : [])));
  const record: StreamRecord = {
    eventID: randomUUID().replaceAll("-", ""),
    eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: place.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(now / 1000),
      Keys,
      ...images,
      SequenceNumber: "",
      SizeBytes: JSON.stringify({ Keys, ...images }).length,
      StreamViewType: viewType,
    },
    eventSourceARN: streamArn(table, place),
    ...(expired && { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } }),
  };
  return record;
}

const viewTypes = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"];

/** The stream that a `StreamSpecification` asks for. */
export function streamOf(specification: unknown, keys: string[]): StreamSettings | undefined {
  const { StreamEnabled, StreamViewType } = (specification ?? {}) as {
    StreamEnabled?: unknown;
    StreamViewType?: unknown;
  };
  if (StreamEnabled !== true) return undefined;
  const viewType = viewTypes.find((known) => known === StreamViewType);
  if (viewType !== undefined) return { viewType, keys };
  const message = "One or more parameter values were invalid: StreamViewType is required";
  throw new AwsError(400, "ValidationException", message);
}
