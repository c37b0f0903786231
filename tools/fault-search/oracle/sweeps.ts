import { parseS3Notice } from "../../../handlers/protocol/messages";
import { Violation } from "./invariants";

/** I9 of the sweep: a run soon after another one does not send again what that one sent. */
export class SweepOracle {
  /** Sent by the run that is under way. */
  private sent = new Set<string>();
  /** Sent by the last run, where that came to its end: one that failed is repeated. */
  private finished = new Set<string>();
  private refused = new Set<string>();
  private isTwice = false;

  /** @param soon nothing has waited twice as long since the last run. */
  starts(soon: boolean): void {
    this.refused = soon ? this.finished : new Set();
    this.finished = new Set();
    this.sent = new Set();
    this.isTwice = false;
  }

  /** A second run beside the one that started: each remembers where it ended, and one of the two is forgotten. */
  startsTwice(): void {
    this.isTwice = true;
  }

  sends(body: string): void {
    const subject = subjectOf(body);
    if (this.refused.has(subject)) throw new Violation("I9", `the sweep sends the same again, too soon: ${subject}`);
    this.sent.add(subject);
  }

  ends(): void {
    if (!this.isTwice) this.finished = this.sent;
  }
}

/** An upload is swept under different sequencers. */
function subjectOf(body: string): string {
  const notice = parseS3Notice(JSON.parse(body));
  return notice.kind === "uploads" ? notice.uploads.map(({ versionId }) => versionId).join() : body;
}
