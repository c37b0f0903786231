import { uploadTag } from "../../../handlers/protocol/generation";
import type { RawRecord } from "../../../handlers/records";
import type { History } from "../world/history";
import { Violation } from "./invariants";

/** JUDGED: a record takes an upload in, or rejects it, once. What it has let go since then never comes back. */
export class VerdictOracle {
  /** The uploads of each name that its record has taken in or rejected, however long ago. */
  private readonly judged = new Map<string, Set<string>>();

  constructor(private readonly history: History) {}

  /** To be called with each update of a record. */
  record(name: string, before: RawRecord | undefined, after: RawRecord): void {
    const judged = this.judged.get(name) ?? new Set();
    this.judged.set(name, judged);
    const { generation, rejectedReason, rejectedSequencer = "" } = after;
    const judge = (upload: string, verdict: string): void => {
      if (judged.has(upload)) throw new Violation("JUDGED", `${name}: an upload that was judged before is ${verdict}`);
      judged.add(upload);
    };
    if (generation !== undefined && generation !== before?.generation) judge(generation.slice(0, 16), "taken in again");
    if (rejectedReason === undefined || rejectedSequencer === before?.rejectedSequencer) return;
    const versionId = this.history.uploadAt(name, rejectedSequencer)?.upload?.versionId;
    if (versionId !== undefined) judge(uploadTag(versionId), "rejected again");
  }
}
