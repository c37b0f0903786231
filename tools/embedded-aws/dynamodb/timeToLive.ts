import { type Input, type Item, type Output } from "./dynalite";
import { isOperationError } from "./operationError";
import { itemPrefix, rangeOf, validationError, type Engine } from "./engine";
import type { SettingsStore } from "./tableSettings";

/** Items that expired longer ago than this are left alone, as DynamoDB does: the value is taken for a mistake. */
const oldestSeconds = 5 * 365 * 24 * 3600;

export function updateTimeToLive(settings: SettingsStore, input: Input): Output {
  const table = String(input.TableName);
  const specification = input.TimeToLiveSpecification as { AttributeName?: unknown; Enabled?: unknown } | undefined;
  const { AttributeName: attribute, Enabled: enabled } = specification ?? {};
  if (typeof attribute !== "string" || attribute === "" || typeof enabled !== "boolean")
    throw validationError("TimeToLiveSpecification needs an AttributeName and Enabled");
  const current = settings.of(table).ttlAttribute;
  if (enabled && current === attribute) throw validationError("TimeToLive is already enabled");
  if (enabled && current !== undefined)
    throw validationError(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
  if (!enabled && current === undefined) throw validationError("TimeToLive is already disabled");
  settings.change(table, { ttlAttribute: enabled ? attribute : undefined });
  return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
}

export function describeTimeToLive(settings: SettingsStore, input: Input): Output {
  const attribute = settings.of(String(input.TableName)).ttlAttribute;
  return {
    TimeToLiveDescription:
      attribute === undefined
        ? { TimeToLiveStatus: "DISABLED" }
        : { TimeToLiveStatus: "ENABLED", AttributeName: attribute },
  };
}

/** Deletes what has expired. An item whose time was moved on in the meantime stays. Returns how many went. */
export async function deleteExpired(engine: Engine, settings: SettingsStore, nowMs: number): Promise<number> {
  const now = Math.floor(nowMs / 1000);
  let deleted = 0;
  for (const name of await engine.tableNames()) {
    const attribute = settings.of(name).ttlAttribute;
    if (attribute === undefined) continue;
    const table = await engine.table(name);
    for await (const [, value] of engine.store.db.iterator(rangeOf(itemPrefix(name)))) {
      const item = value as Item;
      if (!isExpired(item, attribute, now)) continue;
      const key = Object.fromEntries(table.KeySchema.map(({ AttributeName: part }) => [part, item[part]]));
      if (await deleteIfExpired(engine, name, key, attribute, now)) deleted += 1;
    }
  }
  return deleted;
}

function isExpired(item: Item, attribute: string, now: number): boolean {
  const expires = item[attribute]?.N;
  if (typeof expires !== "string") return false;
  return Number(expires) <= now && Number(expires) > now - oldestSeconds;
}

async function deleteIfExpired(
  engine: Engine,
  table: string,
  key: Input,
  attribute: string,
  now: number,
): Promise<boolean> {
  try {
    const input = {
      TableName: table,
      Key: key,
      ConditionExpression: "#ttl <= :now AND attribute_type(#ttl, :number)",
      ExpressionAttributeNames: { "#ttl": attribute },
      ExpressionAttributeValues: { ":now": { N: String(now) }, ":number": { S: "N" } },
    };
    await engine.run("DeleteItem", input, true);
    return true;
  } catch (error) {
    if (isOperationError(error) && error.body.__type.endsWith("#ConditionalCheckFailedException")) return false;
    throw error;
  }
}
