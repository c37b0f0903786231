import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Principal } from "./principal";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The keys of one user or role. */
interface KeyRecord {
  principal: Principal;
  credentials: Credentials;
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const letters = (count: number): string =>
  Array.from(randomBytes(count), (byte) => base32.charAt(byte % base32.length)).join("");

/** Access keys: made once for each user and role, and kept, so that URLs which they signed outlive a restart. */
export class KeyRing {
  private readonly byKey = new Map<string, KeyRecord>();
  private readonly byArn = new Map<string, KeyRecord>();

  constructor(
    private readonly db: DatabaseSync,
    private readonly accountId: string,
  ) {
    db.exec(`CREATE TABLE IF NOT EXISTS iam_credentials (
      arn TEXT PRIMARY KEY, kind TEXT NOT NULL, access_key_id TEXT NOT NULL UNIQUE, secret_access_key TEXT NOT NULL,
      session_token TEXT
    ) STRICT`);
    for (const row of db.prepare("SELECT * FROM iam_credentials").all()) {
      this.remember(String(row.arn), row.kind === "user" ? "user" : "role", {
        accessKeyId: String(row.access_key_id),
        secretAccessKey: String(row.secret_access_key),
        ...(typeof row.session_token === "string" ? { sessionToken: row.session_token } : {}),
      });
    }
  }

  lookup(accessKeyId: string): KeyRecord | undefined {
    return this.byKey.get(accessKeyId);
  }

  /** The keys of a user or role, made now if it has none. */
  of(arn: string, kind: "user" | "role"): KeyRecord {
    return this.byArn.get(arn) ?? this.create(arn, kind);
  }

  private create(arn: string, kind: "user" | "role"): KeyRecord {
    const credentials: Credentials = {
      accessKeyId: `${kind === "user" ? "AKIA" : "ASIA"}${letters(16)}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      ...(kind === "role" ? { sessionToken: randomBytes(96).toString("base64") } : {}),
    };
    this.db
      .prepare("INSERT INTO iam_credentials VALUES (?, ?, ?, ?, ?)")
      .run(arn, kind, credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken ?? null);
    return this.remember(arn, kind, credentials);
  }

  private remember(arn: string, kind: "user" | "role", credentials: Credentials): KeyRecord {
    const record = { principal: { kind, arn, accountId: this.accountId }, credentials };
    this.byArn.set(arn, record);
    this.byKey.set(credentials.accessKeyId, record);
    return record;
  }
}
