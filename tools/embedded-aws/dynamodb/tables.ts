import { notImplemented } from "../http/awsError";
import type { Place } from "../place";
import type { Input, Output, TableRecord } from "./dynalite";
import { resourceNotFound, serviceError, validationError, type Engine } from "./engine";
import { isOperationError } from "./operationError";
import { streamOf } from "./streams";
import { describeBackups, describeEncryption, describeTable, warmThroughput, withoutSchema } from "./tableDescription";
import type { SettingsStore, TableSettings } from "./tableSettings";

/** The operations on tables, with the settings that dynalite does not know. */
export interface Tables {
  create(input: Input): Promise<Output>;
  update(input: Input): Promise<Output>;
  describe(name: string): Promise<Output>;
  remove(input: Input): Promise<Output>;
  list(input: Input): Promise<Output>;
  describeBackups(input: Input): Promise<Output>;
  updateBackups(input: Input): Promise<Output>;
}

export interface TablesOptions {
  place: Place;
  now: () => number;
}

/** dynalite leaves the message about an existing table empty. */
function existing(name: string, error: unknown): unknown {
  const isInUse = isOperationError(error) && error.body.__type.endsWith("#ResourceInUseException");
  return isInUse ? serviceError("ResourceInUseException", `Table already exists: ${name}`) : error;
}

export function createTables(engine: Engine, settings: SettingsStore, { place, now }: TablesOptions): Tables {
  const described = (table: TableRecord): Output => describeTable(table, settings.of(table.TableName), place);
  const backups = (name: string): Output => describeBackups(settings.of(name), now());
  return {
    async create(input) {
      const { TableDescription: table } = await engine.run("CreateTable", input).catch((error: unknown) => {
        throw existing(String(input.TableName), error);
      });
      const record = table as TableRecord;
      settings.forget(record.TableName);
      settings.change(record.TableName, settingsIn(input, record));
      const tags = input.Tags;
      if (Array.isArray(tags) && tags.length > 0)
        await engine.run("TagResource", { ResourceArn: record.TableArn, Tags: tags });
      return { TableDescription: described(record) };
    },
    async update(input) {
      refuseIndexChanges(input);
      const name = String(input.TableName);
      const before = await engine.table(name);
      const own = settingsIn(input, before);
      if (own.stream !== undefined && settings.of(name).stream !== undefined)
        throw validationError(`Table already has an enabled stream: TableName: ${name}`);
      const rest = Object.fromEntries(Object.entries(input).filter(([member]) => !ownMembers.includes(member)));
      const changesMore = Object.keys(rest).some((member) => member !== "TableName");
      if (!changesMore && Object.keys(own).length === 0)
        throw validationError("At least one of the table's settings must be specified");
      const output = changesMore ? await engine.run("UpdateTable", rest) : { TableDescription: before };
      const { encryption } = settings.of(name);
      settings.change(name, own);
      const table = output.TableDescription as TableRecord;
      // A setting that is being changed is described with its old value and as under way (recorded: test_dynamodb_create_table_with_partial_sse_specification).
      const leaving = encryption?.Enabled === true && own.encryption?.Enabled === false;
      const SSEDescription = leaving ? { SSEDescription: describeEncryption(encryption, place, "UPDATING") } : {};
      return { TableDescription: { ...described(table), ...SSEDescription } };
    },
    async describe(name) {
      const table = await engine.table(name);
      return { Table: { ...described(table), ...warmThroughput(table) } };
    },
    async remove(input) {
      const name = String(input.TableName);
      if (settings.of(name).deletionProtection === true)
        throw validationError(
          `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
        );
      const table = described(await engine.table(name));
      const output = await engine.run("DeleteTable", input);
      settings.forget(name);
      const { TableStatus } = output.TableDescription as TableRecord;
      return { TableDescription: { ...withoutSchema(table), TableStatus } };
    },
    async list(input) {
      const limit = typeof input.Limit === "number" ? input.Limit : 100;
      const start = typeof input.ExclusiveStartTableName === "string" ? input.ExclusiveStartTableName : "";
      if (limit < 1 || limit > 100) throw validationError(`Limit is ${limit}: it must be between 1 and 100`);
      const names = (await engine.tableNames()).filter((name) => name > start);
      const page = names.slice(0, limit);
      return { TableNames: page, ...(names.length > limit ? { LastEvaluatedTableName: page.at(-1) } : {}) };
    },
    async describeBackups(input) {
      const name = String(input.TableName);
      await requireTable(engine, name);
      return backups(name);
    },
    async updateBackups(input) {
      const name = String(input.TableName);
      await requireTable(engine, name);
      const specification = input.PointInTimeRecoverySpecification as Record<string, unknown> | undefined;
      const enabled = specification?.PointInTimeRecoveryEnabled;
      if (typeof enabled !== "boolean") throw validationError("PointInTimeRecoveryEnabled must be true or false");
      const { pointInTimeRecovery, recoverableSince = now() } = settings.of(name);
      settings.change(name, {
        pointInTimeRecovery: enabled,
        recoverableSince: pointInTimeRecovery === true ? recoverableSince : now(),
      });
      return backups(name);
    },
  };
}

export async function requireTable(engine: Engine, name: string): Promise<void> {
  if (!(await engine.tableNames()).includes(name)) throw resourceNotFound(name);
}

/** The members of CreateTable and UpdateTable that are kept in the settings. */
export const ownMembers = ["DeletionProtectionEnabled", "TableClass", "SSESpecification", "StreamSpecification"];

function settingsIn(input: Input, { KeySchema }: TableRecord): TableSettings {
  const protection = input.DeletionProtectionEnabled;
  const tableClass = input.TableClass;
  const encryption = input.SSESpecification;
  const keys = KeySchema.map(({ AttributeName }) => AttributeName);
  if (tableClass !== undefined && tableClass !== "STANDARD" && tableClass !== "STANDARD_INFREQUENT_ACCESS")
    throw validationError(
      `TableClass is ${JSON.stringify(tableClass)}: it can be STANDARD or STANDARD_INFREQUENT_ACCESS`,
    );
  return {
    ...(typeof protection === "boolean" ? { deletionProtection: protection } : {}),
    ...(tableClass === undefined ? {} : { tableClass }),
    ...(encryption === undefined ? {} : { encryption: encryption as Record<string, unknown> }),
    ...(input.StreamSpecification === undefined ? {} : { stream: streamOf(input.StreamSpecification, keys) }),
  };
}

function refuseIndexChanges(input: Input): void {
  const updates = input.GlobalSecondaryIndexUpdates;
  if (!Array.isArray(updates)) return;
  for (const update of updates as Record<string, unknown>[])
    for (const change of ["Create", "Delete"])
      if (update[change] !== undefined) throw notImplemented(`UpdateTable with GlobalSecondaryIndexUpdates.${change}`);
}
