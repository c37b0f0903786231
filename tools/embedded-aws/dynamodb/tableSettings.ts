import type { DatabaseSync } from "node:sqlite";

/** Settings of a table besides its schema, which dynalite does not know. */
export interface TableSettings {
  ttlAttribute?: string;
  pointInTimeRecovery?: boolean;
  /** When it was enabled, in milliseconds since 1970. */
  recoverableSince?: number;
  deletionProtection?: boolean;
  tableClass?: string;
  /** `SSESpecification` as it was given. */
  encryption?: Record<string, unknown>;
  stream?: StreamSettings;
}
export interface StreamSettings {
  /** `NEW_AND_OLD_IMAGES`, … */
  viewType: string;
  /** The names of the table's keys. */
  keys: string[];
}

export interface SettingsStore {
  of(table: string): TableSettings;
  change(table: string, settings: TableSettings): void;
  forget(table: string): void;
}

/** The settings of all tables, in the shared database. */
export function createSettings(db: DatabaseSync): SettingsStore {
  db.exec("CREATE TABLE IF NOT EXISTS dynamodb_settings (table_name TEXT PRIMARY KEY, settings TEXT NOT NULL) STRICT");
  const select = db.prepare("SELECT settings FROM dynamodb_settings WHERE table_name = ?");
  const upsert = db.prepare("INSERT OR REPLACE INTO dynamodb_settings (table_name, settings) VALUES (?, ?)");
  const remove = db.prepare("DELETE FROM dynamodb_settings WHERE table_name = ?");
  const of = (table: string): TableSettings => {
    const row = select.get(table) as { settings: string } | undefined;
    return row === undefined ? {} : (JSON.parse(row.settings) as TableSettings);
  };
  return {
    of,
    change: (table, settings) => {
      upsert.run(table, JSON.stringify({ ...of(table), ...settings }));
    },
    forget: (table) => {
      remove.run(table);
    },
  };
}
