import type { DatabaseSync } from "node:sqlite";
import type { Segment } from "./bodyFiles";

/** How many objects and parts use each body file: a copy, or a completed upload, shares files instead of copying bytes. */
export class FileUses {
  private readonly statements;

  constructor(db: DatabaseSync) {
    this.statements = {
      use: db.prepare("INSERT INTO s3_file VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET uses = uses + 1"),
      release: db.prepare("UPDATE s3_file SET uses = uses - 1 WHERE name = ?"),
      forget: db.prepare("DELETE FROM s3_file WHERE uses = 0 RETURNING name"),
      known: db.prepare("SELECT 1 FROM s3_file WHERE name = ?"),
    };
  }

  use(segments: readonly Segment[]): void {
    for (const { file } of segments) this.statements.use.run(file);
  }

  release(segments: readonly Segment[]): void {
    for (const { file } of segments) this.statements.release.run(file);
  }

  /** Forgets the files that nothing uses, and names them, to be removed from disk. */
  forgetUnused(): string[] {
    return this.statements.forget.all().map((row) => row.name as string);
  }

  isKnown(file: string): boolean {
    return this.statements.known.get(file) !== undefined;
  }
}
