import type { DatabaseSync } from "node:sqlite";

/** Steps of the sequencer in a millisecond. */
const steps = 1024;

/**
 * The sequencer of events. As the page "Event message structure" (notification-content-structure.html) says, sequencers
 * of one key are ordered by comparing them as text after padding the shorter one with zeros on its right; they differ in
 * length, so comparing them as numbers or padding on the left gives wrong answers here as it does on AWS.
 */
export class Sequencer {
  private readonly statements;

  constructor(
    db: DatabaseSync,
    private readonly now: () => number,
  ) {
    this.statements = {
      last: db.prepare("SELECT last FROM s3_sequencer"),
      set: db.prepare("UPDATE s3_sequencer SET last = ?"),
    };
  }

  /** 16 or 18 hexadecimal digits; greater than every one before, also when the clock was set back in between. */
  next(): string {
    const last = Number(this.statements.last.get()?.last ?? 0);
    const value = Math.max(last + 1, this.now() * steps);
    this.statements.set.run(value);
    const digits = value.toString(16).toUpperCase().padStart(16, "0");
    const tail = (value * 37) % 256;
    return value % 3 === 0 ? digits : digits + (tail | 1).toString(16).toUpperCase().padStart(2, "0");
  }
}
