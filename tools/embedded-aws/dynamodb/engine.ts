import { asError } from "../errorMessage";
import { AwsError } from "../http/awsError";
import type { Place } from "../place";
import {
  database,
  operations,
  validations,
  type Input,
  type Item,
  type Output,
  type Store,
  type SubStore,
  type TableRecord,
} from "./dynalite";
import { isOperationError, type OperationError } from "./operationError";
import type { StreamWriting, Write } from "./streams";

/** The store, and the operations of dynalite on it. */
export interface Engine {
  store: Store;
  /**
   * Runs one operation. Rejects with an OperationError, to which a failed condition adds the `Item` that failed it.
   * `expired`: DynamoDB itself removes an item.
   */
  run(name: string, input: Input, expired?: boolean): Promise<Output>;
  /** A view of the store whose writes are left for the caller to commit, who also holds the locks. */
  staging(writes: Write[]): WorkUnit;
  /** Writes all or nothing. */
  commit(writes: Write[]): Promise<void>;
  /** Checks the input of an operation and parses its expressions. */
  parse(name: string, input: Input): Input;
  table(name: string): Promise<TableRecord>;
  tableNames(): Promise<string[]>;
  close(): Promise<void>;
}

const tablePrefix = "table~";
export const itemPrefix = (table: string): string => `item-${table}~`;
const after = (prefix: string): string => `${prefix}\u00ff`;
export const rangeOf = (prefix: string): { gte: string; lt: string } => ({ gte: prefix, lt: after(prefix) });

/** Opens the tables of a folder; without a folder they live in memory. */
export async function openEngine(dir: string | undefined, place: Place, streams: StreamWriting): Promise<Engine> {
  const store = database.create({
    ...(dir === undefined ? {} : { path: dir }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    maxItemSizeKb: 400,
  });
  store.tableDb.awsAccountId = place.accountId;
  store.tableDb.awsRegion = place.region;
  await store.db.open();
  await finishInterrupted(store);
  await streams.open(store);

  const table = async (name: string): Promise<TableRecord> => {
    const found = (await store.db.get(tablePrefix + name)) as TableRecord | undefined;
    if (found === undefined) throw resourceNotFound(name);
    return found;
  };
  const tableNames = async (): Promise<string[]> => {
    const names: string[] = [];
    for await (const key of store.db.keys(rangeOf(tablePrefix))) names.push(key.slice(tablePrefix.length));
    return names;
  };
  const parse = (name: string, input: Input): Input => {
    const operation = operations[name];
    if (operation === undefined) throw new Error(`dynalite has no operation ${name}`);
    const { types, custom } = operation.validation;
    const checked = validations.checkTypes({ ...input }, types);
    validations.checkValidations(checked, types, custom, store);
    return checked;
  };
  return {
    store,
    table,
    tableNames,
    parse,
    run: (name, input, expired = false) =>
      runOperation(workUnit({ store, streams, writes: [], commits: true, expired }), name, parse(name, input)),
    staging: (writes) => workUnit({ store, streams, writes, commits: false, expired: false }),
    commit: (writes) => streams.commit(store, writes),
    close: () => store.db.close(),
  };
}

/** Runs an operation whose input is parsed already. */
export async function runOperation(work: WorkUnit, name: string, input: Input): Promise<Output> {
  const operation = operations[name];
  if (operation === undefined) throw new Error(`dynalite has no operation ${name}`);
  try {
    return await new Promise<Output>((resolve, reject) => {
      operation.run(work.store, input, (error, output) => (error ? reject(error) : resolve(output ?? {})));
    });
  } catch (error) {
    if (!isOperationError(error)) throw error;
    const failedCondition = error.body.__type.endsWith("#ConditionalCheckFailedException");
    const item = failedCondition ? work.lastRead() : undefined;
    if (item !== undefined) error.body.Item = item;
    throw error;
  }
}

/** A view of the store that gathers what one operation writes. */
export interface WorkUnit {
  store: Store;
  /** The item that the operation read last: under the lock of its key, so the one that a condition was checked on. */
  lastRead(): Item | undefined;
}

interface Staging {
  store: Store;
  streams: StreamWriting;
  writes: Write[];
  commits: boolean;
  expired: boolean;
}

/**
 * An item, its index entries and the change in the table's stream are one write of LevelDB, made while the item's key is
 * locked. dynalite writes the index entries first and the item last, each on its own, so that a kill in between would leave
 * them in disagreement.
 */
function workUnit({ store, streams, writes, commits, expired }: Staging): WorkUnit {
  let read: Item | undefined;
  const items = new Map<string, Item | undefined>();
  const flush = (callback: (error?: Error | null) => void): void => {
    if (!commits) {
      callback(null);
      return;
    }
    streams.commit(store, writes.splice(0)).then(
      () => callback(null),
      (error: unknown) => callback(asError(error)),
    );
  };
  const stage = (operation: Write, callback: (error?: Error | null) => void): void => {
    writes.push(operation);
    callback(null);
  };
  const writer = (base: SubStore, prefix: string, done: typeof flush): SubStore => ({
    ...base,
    put: (key, value, callback) =>
      stage({ type: "put", key: prefix + key, value }, (error) => (error ? callback(error) : done(callback))),
    del: (key, callback) =>
      stage({ type: "del", key: prefix + key }, (error) => (error ? callback(error) : done(callback))),
  });
  const view: Store = {
    ...store,
    getIndexDb: (kind, table, index) =>
      writer(store.getIndexDb(kind, table, index), `index-${kind.toLowerCase()}~${table}~${index}~`, (callback) =>
        callback(null),
      ),
    getItemDb: (table) => {
      const base = store.getItemDb(table);
      const prefix = itemPrefix(table);
      const writing = writer(base, prefix, flush);
      const change = (key: string, after: Item | undefined): void =>
        void writes.push(...streams.stage({ table, before: items.get(prefix + key), after, expired }));
      return {
        ...writing,
        put: (key, value, callback) => {
          change(key, value as Item);
          writing.put(key, value, callback);
        },
        del: (key, callback) => {
          change(key, undefined);
          writing.del(key, callback);
        },
        lock: commits ? base.lock : (_key, work) => work((callback) => callback),
        get: (key, callback) =>
          base.get(key, (error, item) => {
            read = item;
            items.set(prefix + key, item);
            callback(error, item);
          }),
      };
    },
  };
  return { store: view, lastRead: () => read };
}

/** Finishes what a kill interrupted: tables that were being made become active, those being deleted go. */
async function finishInterrupted(store: Store): Promise<void> {
  for await (const [key, value] of store.db.iterator(rangeOf(tablePrefix))) {
    const table = value as TableRecord;
    if (table.TableStatus === "DELETING") await store.db.batch([{ type: "del", key }]);
    else if (table.TableStatus !== "ACTIVE") {
      for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = "ACTIVE";
      await store.db.put(key, { ...table, TableStatus: "ACTIVE" });
    }
  }
}

export function operationError(type: string, message: string, extra: object = {}): OperationError {
  const body = { __type: type, message, ...extra };
  return Object.assign(new Error(message), { statusCode: 400, body });
}
const serviceType = (name: string): string => `com.amazonaws.dynamodb.v20120810#${name}`;
export const serviceError = (name: string, message: string, extra: object = {}): OperationError =>
  operationError(serviceType(name), message, extra);
export const validationError = (message: string): OperationError =>
  operationError("com.amazon.coral.validate#ValidationException", message);
export const resourceNotFound = (table: string): OperationError =>
  serviceError("ResourceNotFoundException", `Requested resource not found: Table: ${table} not found`);

/** DynamoDB answers a denial as 400 AccessDeniedException, unlike the services that speak XML. */
export function asOperationError(error: unknown): OperationError {
  if (isOperationError(error)) return error;
  if (!(error instanceof AwsError)) throw error;
  const denied = error.code === "AccessDenied";
  const type = denied ? "com.amazon.coral.service#AccessDeniedException" : serviceType(error.code);
  return Object.assign(operationError(type, error.message), { statusCode: denied ? 400 : error.status });
}
