import type { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { errorStack } from "../errorMessage";
import { notImplemented } from "../http/awsError";
import type { AwsRequest, AwsResponse, WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import { leadingKey, needsOf, withTableName } from "./requiredActions";
import { operations, type Input, type Output } from "./dynalite";
import type { OperationError } from "./operationError";
import { asOperationError, openEngine, operationError, type Engine } from "./engine";
import { createStreams, type StreamPolling } from "./streams";
import { createSettings, type SettingsStore } from "./tableSettings";
import { createTables, ownMembers, requireTable, type Tables } from "./tables";
import { deleteExpired, describeTimeToLive, updateTimeToLive } from "./timeToLive";
import { forgetOldTokens, transactGet, transactWrite } from "./transactions";

export interface DynamodbOptions {
  /** The shared database: settings of tables. */
  db: DatabaseSync;
  /** The folder of the tables' LevelDB, or undefined to keep the tables in memory. */
  dir: string | undefined;
  iam: Iam;
  place: Place;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** How often expired items are looked for. Default: every minute. 0: only when `sweep` is called. */
  sweepSeconds?: number;
}

export interface DynamodbAdmin {
  /** Calls an operation as the owner of the account does, without going over the wire. Rejects with its error. */
  call(operation: string, input: Input): Promise<Output>;
  /** The tables' streams, for event source mappings. */
  streams: StreamPolling;
  /** Deletes expired items now; resolves with their number. */
  sweep(): Promise<number>;
  /** Ends when all that was begun is written. */
  close(): Promise<void>;
}

interface State {
  engine: Engine;
  settings: SettingsStore;
  tables: Tables;
}

/** DynamoDB: dynalite, with what it lacks in front of it. Acknowledged changes survive a SIGKILL of this process. */
export function createDynamodb(options: DynamodbOptions): WireService & DynamodbAdmin {
  const { db, dir, iam, place, now = Date.now, sweepSeconds = 60 } = options;
  const settings = createSettings(db);
  const streams = createStreams({ db, settings, iam, place, now });
  const opening = openEngine(dir, place, streams.writes).then((engine): State => ({
    engine,
    settings,
    tables: createTables(engine, settings, { place, now }),
  }));
  // The first call fails with the reason when the folder cannot be opened.
  opening.catch(() => undefined);

  const sweep = async (): Promise<number> => {
    const { engine } = await opening;
    await forgetOldTokens(engine, now());
    await streams.writes.trim(engine.store);
    return deleteExpired(engine, settings, now());
  };
  const timer = sweepSeconds > 0 ? setInterval(() => void sweep().catch(report), sweepSeconds * 1000) : undefined;
  timer?.unref();

  const answer = async (request: AwsRequest): Promise<AwsResponse> => {
    const operation = operationName(request.headers["x-amz-target"]);
    const input = withTableName(parseBody(await text(request.body)), place);
    if (!(operation in supported) && !(operation in operations)) throw notImplemented(`dynamodb:${operation}`);
    const state = await opening;
    const context = leadingKey(operation, input, await partitionKeyOf(state.engine, input.TableName));
    for (const { action, resource } of needsOf(operation, input, place))
      iam.authorize({ principal: request.principal, action, resource, context, secure: request.secure });
    return json(200, await perform(state, operation, input, now));
  };
  return {
    handle: async (request) => {
      try {
        return await answer(request);
      } catch (error) {
        return failure(error);
      }
    },
    streams: streams.reads,
    call: async (operation, input) => perform(await opening, operation, input, now),
    sweep,
    close: async () => {
      clearInterval(timer);
      await (await opening).engine.close();
    },
  };
}

type Perform = (state: State, input: Input, now: () => number) => Promise<Output>;

/** Operations that do more than dynalite's; the others pass through. */
const supported: Record<string, Perform> = {
  CreateTable: ({ tables }, input) => tables.create(input),
  UpdateTable: ({ tables }, input) => tables.update(input),
  DescribeTable: ({ tables }, input) => tables.describe(String(input.TableName)),
  DeleteTable: ({ tables }, input) => tables.remove(input),
  ListTables: ({ tables }, input) => tables.list(input),
  DescribeContinuousBackups: ({ tables }, input) => tables.describeBackups(input),
  UpdateContinuousBackups: ({ tables }, input) => tables.updateBackups(input),
  UpdateTimeToLive: async ({ engine, settings }, input) => {
    await requireTable(engine, String(input.TableName));
    return updateTimeToLive(settings, input);
  },
  DescribeTimeToLive: async ({ engine, settings }, input) => {
    await requireTable(engine, String(input.TableName));
    return describeTimeToLive(settings, input);
  },
  TransactWriteItems: ({ engine }, input, now) => transactWrite(engine, input, now),
  TransactGetItems: ({ engine }, input) => transactGet(engine, input),
};

/** Members that dynalite does not know and that are dealt with here. */
const extraMembers: Record<string, string[]> = {
  CreateTable: [...ownMembers, "Tags"],
  UpdateTable: [...ownMembers, "AttributeDefinitions"],
  PutItem: ["ReturnValuesOnConditionCheckFailure"],
  UpdateItem: ["ReturnValuesOnConditionCheckFailure"],
  DeleteItem: ["ReturnValuesOnConditionCheckFailure"],
  // All reads of this store are strongly consistent.
  Scan: ["ConsistentRead"],
};

async function perform(state: State, operation: string, input: Input, now: () => number): Promise<Output> {
  const dynalite = operations[operation];
  if (dynalite !== undefined) {
    const known = [...Object.keys(dynalite.validation.types), ...(extraMembers[operation] ?? [])];
    for (const [member, value] of Object.entries(input))
      if (!known.includes(member) && value !== undefined && value !== null)
        throw notImplemented(`dynamodb:${operation} with ${member}`);
  }
  const own = supported[operation];
  if (own !== undefined) return own(state, input, now);
  try {
    return await state.engine.run(operation, input);
  } catch (error) {
    // Only ALL_OLD asks for the item that failed the condition.
    if (input.ReturnValuesOnConditionCheckFailure !== "ALL_OLD") delete asOperationError(error).body.Item;
    throw error;
  }
}

function operationName(target: string | undefined): string {
  const [version, operation] = (target ?? "").split(".");
  if (version?.startsWith("DynamoDBStreams_")) throw notImplemented(`dynamodb streams:${operation ?? ""}`);
  if (version !== "DynamoDB_20120810" || operation === undefined || operation === "")
    throw operationError(
      "com.amazon.coral.service#UnknownOperationException",
      `Unknown operation: ${target ?? "none"}`,
    );
  return operation;
}

function parseBody(body: string): Input {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as Input;
  } catch {
    // Answered below, like a body that is not an object.
  }
  throw operationError("com.amazon.coral.service#SerializationException", "The body is not a JSON object");
}

function json(status: number, value: object): AwsResponse {
  const body = JSON.stringify(value);
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-crc32": String(crc32(body)) };
  return { status, headers, body };
}

function failure(error: unknown): AwsResponse {
  let known: OperationError;
  try {
    known = asOperationError(error);
  } catch (unexpected) {
    report(unexpected);
    return json(500, { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message: String(unexpected) });
  }
  return json(known.statusCode, wireBody(known.body));
}

/** With the item that failed a condition comes a `Message` (recorded: test_return_values_on_conditions_check_failure). */
function wireBody(body: OperationError["body"]): object {
  if (body.Item === undefined) return body;
  const { message, ...rest } = body;
  return { ...rest, Message: message };
}

function report(error: unknown): void {
  process.stderr.write(`DynamoDB: ${errorStack(error)}\n`);
}

/** The name of a table's partition key, or undefined where there is no such table. */
async function partitionKeyOf(engine: Engine, table: unknown): Promise<string | undefined> {
  if (typeof table !== "string") return undefined;
  const found = await engine.table(table).catch(() => undefined);
  return found?.KeySchema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName;
}
