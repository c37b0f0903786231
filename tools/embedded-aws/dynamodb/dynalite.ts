import { createRequire } from "node:module";

/**
 * The parts of `dynalite` that are used here, with their types (the package brings none). Its operations are called as
 * functions and not through its HTTP server: there is no second listener that would have to be protected, a call costs
 * no socket, and the store can be wrapped so that an item and its index entries are written at once.
 */
type AttributeValue = Record<string, unknown>;
export type Item = Record<string, AttributeValue>;
export type Input = Record<string, unknown>;
export type Output = Record<string, unknown>;

type Callback<Value> = (error: Error | null | undefined, value?: Value) => void;
type Release = <Value>(callback: Callback<Value>) => Callback<Value>;

/** A part of the store with its own key prefix. */
export interface SubStore {
  get(key: string, callback: Callback<Item>): void;
  put(key: string, value: unknown, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
  /** Calls `work` once no one else holds the key. */
  lock: (key: string, work: (release: Release) => void) => void;
}

export type BatchOperation = { type: "put"; key: string; value: unknown } | { type: "del"; key: string };

/** The LevelDB database, with JSON values. */
interface Level {
  open(): Promise<void>;
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
  batch(operations: BatchOperation[]): Promise<void>;
  keys(range: { gte: string; lt: string }): AsyncIterable<string>;
  iterator(range: { gte: string; lt: string }): AsyncIterable<[string, unknown]>;
  close(): Promise<void>;
}

export interface Store {
  db: Level;
  tableDb: SubStore & { awsAccountId: string; awsRegion: string };
  getItemDb(table: string): SubStore;
  getIndexDb(kind: string, table: string, index: string): SubStore;
}

/** dynalite's record of a table: the `TableDescription` of the API. */
export interface TableRecord {
  TableName: string;
  TableStatus: string;
  KeySchema: { AttributeName: string; KeyType: string }[];
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: { IndexName: string; IndexStatus?: string }[];
  LocalSecondaryIndexes?: { IndexName: string }[];
  [property: string]: unknown;
}

interface Database {
  create(options: {
    path?: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
    maxItemSizeKb: number;
  }): Store;
  createKey(item: Item, table: TableRecord): string;
  validateKey(key: Item, table: TableRecord): Error | null | undefined;
  validateItem(item: Item, table: TableRecord): Error | null | undefined;
}
interface Validation {
  types: Record<string, unknown>;
  custom?: unknown;
}
interface Validations {
  checkTypes(input: Input, types: Record<string, unknown>): Input;
  checkValidations(input: Input, types: Record<string, unknown>, custom: unknown, store: Store): void;
}
export interface Operation {
  validation: Validation;
  run(store: Store, input: Input, callback: Callback<Output>): void;
}

const load = createRequire(__filename);

export const database = load("dynalite/db") as Database;
export const validations = load("dynalite/validations") as Validations;

const operation = (file: string): Operation => ({
  validation: load(`dynalite/validations/${file}`) as Validation,
  run: load(`dynalite/actions/${file}`) as Operation["run"],
});

/** The operations that dynalite brings. */
export const operations: Record<string, Operation> = {
  BatchGetItem: operation("batchGetItem"),
  BatchWriteItem: operation("batchWriteItem"),
  CreateTable: operation("createTable"),
  DeleteItem: operation("deleteItem"),
  DeleteTable: operation("deleteTable"),
  DescribeTable: operation("describeTable"),
  GetItem: operation("getItem"),
  PutItem: operation("putItem"),
  Query: operation("query"),
  Scan: operation("scan"),
  TagResource: operation("tagResource"),
  UntagResource: operation("untagResource"),
  ListTagsOfResource: operation("listTagsOfResource"),
  UpdateItem: operation("updateItem"),
  UpdateTable: operation("updateTable"),
};
