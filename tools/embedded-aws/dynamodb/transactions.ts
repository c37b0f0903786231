import { createHash } from "node:crypto";
import { asError } from "../errorMessage";
import { transactionParts, type TransactionKind } from "./requiredActions";
import { database, type BatchOperation, type Input, type Item, type Output } from "./dynalite";
import { isOperationError } from "./operationError";
import type { Write } from "./streams";
import { itemPrefix, rangeOf, runOperation, serviceError, validationError, type Engine } from "./engine";

const maxItems = 100;
/** For how long a `ClientRequestToken` makes a repeated transaction one. */
const tokenMs = 10 * 60_000;
const tokenPrefix = "transaction~";

const operationOf: Record<TransactionKind, string> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  // Evaluates its condition as a deletion would, and is not written.
  ConditionCheck: "DeleteItem",
  Get: "GetItem",
};

interface Part {
  kind: TransactionKind;
  input: Input;
  table: string;
  /** The item's key in the store, unique over all tables. */
  key: string;
  storeKey: string;
}

async function parse(engine: Engine, input: Input, allowed: (kind: TransactionKind) => boolean): Promise<Part[]> {
  const items = transactionParts(input);
  if (items.length < 1 || items.length > maxItems)
    throw validationError(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ` +
        `less than or equal to ${maxItems} and greater than or equal to 1`,
    );
  const parts: Part[] = [];
  for (const { kind, part } of items) {
    if (!allowed(kind)) throw validationError(`TransactItems can not contain ${kind} in this operation`);
    const checked = engine.parse(operationOf[kind], part);
    const name = String(checked.TableName);
    // Other than single writes, a transaction does not name the table (recorded: test_batch_write_not_existing_table).
    if (!(await engine.tableNames()).includes(name)) {
      throw serviceError("ResourceNotFoundException", "Requested resource not found");
    }
    const table = await engine.table(name);
    const attributes = (kind === "Put" ? checked.Item : checked.Key) as Item;
    const wrong = kind === "Put" ? database.validateItem(attributes, table) : database.validateKey(attributes, table);
    if (wrong) throw wrong;
    const storeKey = database.createKey(attributes, table);
    parts.push({
      kind,
      table: table.TableName,
      storeKey,
      key: itemPrefix(table.TableName) + storeKey,
      input: { ...checked, ReturnValuesOnConditionCheckFailure: part.ReturnValuesOnConditionCheckFailure },
    });
  }
  if (new Set(parts.map((part) => part.key)).size < parts.length)
    throw validationError("Transaction request cannot include multiple operations on one item");
  return parts;
}

/** Holds the locks of all items, taken in one order by everyone, so that no two transactions wait for each other. */
async function locked<Result>(engine: Engine, parts: Part[], work: () => Promise<Result>): Promise<Result> {
  const [first, ...rest] = [...parts].sort((a, b) => (a.key < b.key ? -1 : 1));
  if (first === undefined) return work();
  return new Promise<Result>((resolve, reject) => {
    engine.store.getItemDb(first.table).lock(first.storeKey, (release) => {
      const done = release<Result>((error, result) => (error ? reject(error) : resolve(result as Result)));
      locked(engine, rest, work).then(
        (result) => done(null, result),
        (error: unknown) => done(asError(error)),
      );
    });
  });
}

/**
 * All writes or none, by one write of LevelDB under the locks of all items. AWS would cancel a transaction that meets
 * another one (`TransactionConflict`); here it waits instead.
 */
export async function transactWrite(engine: Engine, input: Input, now: () => number): Promise<Output> {
  const parts = await parse(engine, input, (kind) => kind !== "Get");
  return locked(engine, parts, async () => {
    const token = typeof input.ClientRequestToken === "string" ? input.ClientRequestToken : undefined;
    const digest = createHash("sha256")
      .update(JSON.stringify(ordered(input.TransactItems)))
      .digest("hex");
    if (token !== undefined && (await repeated(engine, token, digest, now()))) return {};
    const writes: Write[] = [];
    const reasons: Record<string, unknown>[] = [];
    for (const { kind, input: part } of parts)
      reasons.push(await attempt(engine, kind, part, kind === "ConditionCheck" ? [] : writes));
    if (reasons.some((reason) => reason.Code !== "None")) {
      const codes = reasons.map((reason) => String(reason.Code)).join(", ");
      throw serviceError(
        "TransactionCanceledException",
        `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
        { CancellationReasons: reasons },
      );
    }
    if (token !== undefined) writes.push({ type: "put", key: tokenPrefix + token, value: { digest, at: now() } });
    await engine.commit(writes);
    return {};
  });
}

async function attempt(
  engine: Engine,
  kind: TransactionKind,
  input: Input,
  writes: Write[],
): Promise<Record<string, unknown>> {
  try {
    await runOperation(engine.staging(writes), operationOf[kind], input);
    return { Code: "None" };
  } catch (error) {
    if (!isOperationError(error)) throw error;
    const type = error.body.__type.slice(error.body.__type.indexOf("#") + 1);
    const wanted = input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && error.body.Item !== undefined;
    return {
      Code: type === "ConditionalCheckFailedException" ? "ConditionalCheckFailed" : type.replace(/Exception$/, "Error"),
      Message: error.body.message,
      ...(wanted ? { Item: error.body.Item } : {}),
    };
  }
}

/** The same value with its members in the order of their names: a repeated request may order them as it likes. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, ordered(member)]));
}

interface Token {
  digest: string;
  at: number;
}

async function repeated(engine: Engine, token: string, digest: string, now: number): Promise<boolean> {
  const known = (await engine.store.db.get(tokenPrefix + token)) as Token | undefined;
  if (known === undefined || now - known.at > tokenMs) return false;
  if (known.digest === digest) return true;
  throw serviceError(
    "IdempotentParameterMismatchException",
    "The request uses the same client token as a previous, but non-identical request",
  );
}

/** Forgets the tokens of transactions that are too old to be repeated. */
export async function forgetOldTokens(engine: Engine, now: number): Promise<void> {
  const old: BatchOperation[] = [];
  for await (const [key, value] of engine.store.db.iterator(rangeOf(tokenPrefix)))
    if (now - (value as Token).at > tokenMs) old.push({ type: "del", key });
  if (old.length > 0) await engine.store.db.batch(old);
}

/** A consistent view of several items: read under the locks of all of them. */
export async function transactGet(engine: Engine, input: Input): Promise<Output> {
  const parts = await parse(engine, input, (kind) => kind === "Get");
  return locked(engine, parts, async () => {
    const responses: Output[] = [];
    for (const { input: part } of parts) {
      const { Item: item } = await runOperation(engine.staging([]), "GetItem", part);
      responses.push(item === undefined ? {} : { Item: item });
    }
    return { Responses: responses };
  });
}
