import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Principal } from "./principal";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Credentials of a role, which end with its session. */
export interface SessionCredentials extends Credentials {
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** The keys of a user, or of one session of a role. */
export interface KeyRecord {
  principal: Principal;
  credentials: Credentials & Partial<SessionCredentials>;
}

/** The longest session that a role can have; an execution environment of Lambda gets credentials for about as long. */
const sessionMs = 12 * 60 * 60_000;

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const letters = (count: number): string =>
  Array.from(randomBytes(count), (byte) => base32.charAt(byte % base32.length)).join("");

/** Access keys. They are kept, so that URLs which they signed outlive a restart. */
export class KeyRing {
  private readonly byKey = new Map<string, KeyRecord>();
  private readonly users = new Map<string, Credentials>();
  private readonly sessions = new Map<string, SessionCredentials>();

  constructor(
    private readonly db: DatabaseSync,
    private readonly accountId: string,
    private readonly now: () => number,
  ) {
    db.exec(`CREATE TABLE IF NOT EXISTS iam_access_keys (
      access_key_id TEXT PRIMARY KEY, arn TEXT NOT NULL, secret_access_key TEXT NOT NULL, session_token TEXT,
      expires_at INTEGER
    ) STRICT`);
    db.prepare("DELETE FROM iam_access_keys WHERE expires_at < ?").run(now());
    for (const row of db.prepare("SELECT * FROM iam_access_keys ORDER BY expires_at").all()) {
      const keys = { accessKeyId: String(row.access_key_id), secretAccessKey: String(row.secret_access_key) };
      if (row.expires_at === null) this.rememberUser(String(row.arn), keys);
      else {
        const session = { sessionToken: String(row.session_token), expiresAt: Number(row.expires_at) };
        this.rememberSession(String(row.arn), { ...keys, ...session });
      }
    }
  }

  lookup(accessKeyId: string): KeyRecord | undefined {
    return this.byKey.get(accessKeyId);
  }

  /** The keys of a user, made now if it has none. */
  ofUser(arn: string): Credentials {
    return this.users.get(arn) ?? this.rememberUser(arn, this.create(arn, newKeys("AKIA")));
  }

  /** The keys of a role's session that lasts for hours: its last one, or a new one. */
  ofRole(arn: string): SessionCredentials {
    const last = this.sessions.get(arn);
    if (last !== undefined && last.expiresAt - this.now() > sessionMs / 2) return last;
    const session = { sessionToken: randomBytes(96).toString("base64"), expiresAt: this.now() + sessionMs };
    return this.rememberSession(arn, this.create(arn, { ...newKeys("ASIA"), ...session }));
  }

  private create<Keys extends KeyRecord["credentials"]>(arn: string, keys: Keys): Keys {
    const { accessKeyId, secretAccessKey, sessionToken = null, expiresAt = null } = keys;
    this.db
      .prepare("INSERT INTO iam_access_keys VALUES (?, ?, ?, ?, ?)")
      .run(accessKeyId, arn, secretAccessKey, sessionToken, expiresAt);
    return keys;
  }

  private rememberUser(arn: string, credentials: Credentials): Credentials {
    this.users.set(arn, credentials);
    this.byKey.set(credentials.accessKeyId, { principal: this.principal("user", arn), credentials });
    return credentials;
  }

  private rememberSession(arn: string, credentials: SessionCredentials): SessionCredentials {
    this.sessions.set(arn, credentials);
    this.byKey.set(credentials.accessKeyId, { principal: this.principal("role", arn), credentials });
    return credentials;
  }

  private principal(kind: "user" | "role", arn: string): Principal {
    return { kind, arn, accountId: this.accountId };
  }
}

const newKeys = (prefix: string): Credentials => ({
  accessKeyId: `${prefix}${letters(16)}`,
  secretAccessKey: randomBytes(30).toString("base64"),
});
