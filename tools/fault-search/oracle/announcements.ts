import { renditionKey } from "../../../handlers/protocol/generation";
import type { ImageEvent, RawRecord } from "../../../handlers/records";
import type { StoredChange } from "../world/stores/recordStream";
import { Violation } from "./invariants";

/** TOLD: every state that a record reached is announced, and nothing else; copies of an event have one id. */
export class AnnouncementOracle {
  /** The states that were reached, and whether each was announced. */
  private readonly told = new Map<string, boolean>();
  /** The states that one change reached, by its number. */
  private readonly reached = new Map<string, string[]>();
  private readonly ids = new Map<string, string>();

  changed({ before, after, sequenceNumber, unreadable }: StoredChange): void {
    const states = unreadable ? [letterOf(sequenceNumber)] : [...statesOf(before, after)];
    const fresh = states.filter((state) => !this.told.has(state));
    for (const state of fresh) this.told.set(state, false);
    this.reached.set(sequenceNumber, fresh);
  }

  /** The bus takes an event of a run that reads these changes. */
  announces(changes: StoredChange[], event: ImageEvent): void {
    const state = stateOf(event);
    if (!changes.some(({ sequenceNumber }) => this.reached.get(sequenceNumber)?.includes(state))) {
      throw new Violation("TOLD", `announced though no change that was read led to it: ${state}`);
    }
    const { eventId } = event.detail;
    for (const [one, other] of [
      [`id ${eventId}`, state],
      [state, `id ${eventId}`],
    ] as const) {
      const known = this.ids.get(one) ?? other;
      if (known !== other) throw new Violation("TOLD", `${one} is ${other}, and was ${known}`);
      this.ids.set(one, other);
    }
    this.told.set(state, true);
  }

  buries(sequenceNumber: string): void {
    this.told.set(letterOf(sequenceNumber), true);
  }

  atRest(): void {
    for (const [state, isTold] of this.told) {
      if (!isTold) throw new Violation("TOLD", `never announced: ${state}`);
    }
  }
}

const letterOf = (sequenceNumber: string): string => `dead letter of change ${sequenceNumber}`;

/** The states that a record shows. It may have shown them before. */
function* statesOf(before: RawRecord | undefined, after: RawRecord | undefined): Generator<string> {
  if (!after) return;
  const { original: name, status, generation = "", rejectedReason, rejectedAt, deletedAt, updatedAt } = after;
  if (generation !== "") yield `${name} uploaded ${generation} ${after.imageId}`;
  if (rejectedReason !== undefined) yield `${name} rejected ${rejectedAt} ${rejectedReason}`;
  if (status === "READY") {
    const keys = after.renditions?.map((rendition) => renditionKey(name, generation, rendition));
    yield `${name} ready ${generation} ${keys?.join()} ${after.placeholder} ${after.dominantColour}`;
  }
  if (status === "FAILED") yield `${name} failed ${generation} ${after.reason}${after.givenUp ? ", given up" : ""}`;
  if (status === "DELETED") yield `${name} deleted ${deletedAt}, cleared`;
  else if (before?.status === "DELETING" && status !== "DELETING") yield `${name} deleted ${updatedAt}`;
}

/** The state that an event tells. */
function stateOf({ name: kind, detail }: ImageEvent): string {
  const { object, generation = "", uploadedAt, reason, renditions, at, cleared, givenUp, original } = detail;
  const { placeholder, dominantColour } = detail;
  switch (kind) {
    case "uploaded":
      return `${object} uploaded ${generation} ${original?.key}`;
    case "rejected":
      return `${object} rejected ${uploadedAt} ${reason}`;
    case "ready":
      return `${object} ready ${generation} ${renditions?.map(({ key }) => key).join()} ${placeholder} ${dominantColour}`;
    case "failed":
      return `${object} failed ${generation} ${reason}${givenUp ? ", given up" : ""}`;
    case "deleted":
      return `${object} deleted ${at}${cleared ? ", cleared" : ""}`;
  }
}
