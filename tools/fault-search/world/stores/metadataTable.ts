import type {
  Condition,
  RawUpdate,
  RecordSet,
  SetChange,
  SweepPosition,
  UpdateResult,
} from "../../../../handlers/ports";
import type { RecordChange } from "../../../../handlers/protocol/announcing";
import type { ListedStatus, RawRecord } from "../../../../handlers/records";

/** The table `ImageMetadata`: every operation is atomic on one item, and reads are strongly consistent. */
export class MetadataTable {
  private readonly raws = new Map<string, RawRecord>();

  /**
   * @param stream is told of each change, in its order
   * @param indexes brings the index up to date after each change
   */
  constructor(
    private readonly stream?: (original: string, change: RecordChange) => void,
    private readonly indexes = (original: string) => this.index(original),
  ) {}

  raw(original: string): RawRecord | undefined {
    const record = this.raws.get(original);
    return record && copyOf(record);
  }

  /** The records as the index of names has them. */
  private readonly indexed = new Map<string, RawRecord>();

  /** Brings the index up to date about a record. */
  index(original: string): void {
    const record = this.raws.get(original);
    if (record) this.indexed.set(original, record);
    else this.indexed.delete(original);
  }

  /** The names that the index has under a status; of `READY` ones those alone whose newest generation is not. */
  listed(status: ListedStatus): string[] {
    const isListed = ({ statusShard, listPosition, ...record }: RawRecord): boolean =>
      listPosition !== undefined &&
      (statusShard?.startsWith(`${status}#`) ?? false) &&
      !(status === "READY" && record.status === "READY");
    return [...this.indexed].flatMap(([name, record]) => (isListed(record) ? [name] : []));
  }

  /** Where the sweep ended. */
  position: SweepPosition = {};

  names(): string[] {
    return [...this.raws.keys()];
  }

  updateRaw(original: string, update: RawUpdate): UpdateResult {
    refuseOverlap(update);
    const stored = this.raws.get(original);
    if (!update.when.every((condition) => holds(condition, stored))) {
      return { applied: false, record: stored && copyOf(stored) };
    }
    const item: Record<string, unknown> = { original, ...stored };
    for (const [attribute, value] of given(update.set)) item[attribute] = value;
    for (const [attribute, value] of given(update.setIfAbsent)) item[attribute] ??= value;
    const dropped = new Set<string>(update.remove);
    for (const [attribute, change] of setChanges(update)) {
      const elements = changed(stored?.[attribute], change);
      // A set is never empty in DynamoDB: with its last element the attribute goes.
      if (elements.length === 0) dropped.add(attribute);
      else item[attribute] = elements;
    }
    const kept = Object.entries(item).filter(([attribute]) => !dropped.has(attribute));
    const record = Object.fromEntries(kept) as unknown as RawRecord;
    this.raws.set(original, record);
    this.indexes(original);
    this.stream?.(original, { before: stored, after: record });
    return { applied: true, record: copyOf(record) };
  }

  /** Names whose record's time to live ended; DynamoDB removes each at some time after. `now` is in milliseconds. */
  expired(now: number): string[] {
    return this.names().filter((original) => isOver(this.raws.get(original), now));
  }

  /** Removes a record, unless it was written again and does not expire any more. */
  expire(original: string, now: number): void {
    if (!isOver(this.raws.get(original), now)) return;
    this.raws.delete(original);
    this.index(original);
  }
}

const isOver = (record: RawRecord | undefined, now: number): boolean =>
  record?.expiresAt !== undefined && record.expiresAt * 1000 <= now;

/** The attributes that have a value; `undefined` is left out on the way to DynamoDB. */
const given = (attributes: object | undefined): [string, unknown][] =>
  Object.entries(attributes ?? {}).filter(([, value]: [string, unknown]) => value !== undefined);

/** The sets that an update adds to or takes from. */
const setChanges = (update: RawUpdate) =>
  (Object.entries(update.sets ?? {}) as [RecordSet, SetChange][]).filter(
    ([, { add, remove }]) => (add?.length ?? 0) + (remove?.length ?? 0) > 0,
  );

function changed(stored: string[] = [], { add = [], remove = [] }: SetChange): string[] {
  return [...new Set([...stored, ...add])].filter((element) => !remove.includes(element)).sort();
}

function copyOf(record: RawRecord): RawRecord {
  const copy = { ...record };
  if (record.superseded) copy.superseded = [...record.superseded];
  if (record.cancelled) copy.cancelled = [...record.cancelled];
  return copy;
}

function holds<Item extends object>(condition: Condition<Item>, item: Item | undefined): boolean {
  const { attribute, absent, oneOf, below } = condition as {
    attribute: keyof Item;
    absent?: true;
    oneOf?: unknown[];
    below?: string | number;
  };
  const value: unknown = item?.[attribute];
  if (value === undefined) return absent === true;
  return (oneOf?.includes(value) ?? false) || (below !== undefined && (value as typeof below) < below);
}

/** DynamoDB refuses an update that names one attribute twice. */
function refuseOverlap(update: RawUpdate): void {
  const named = [
    ...given(update.set).map(([name]) => name),
    ...given(update.setIfAbsent).map(([name]) => name),
    ...(update.remove ?? []),
    ...setChanges(update).flatMap(([name, { add, remove }]) => [add, remove].flatMap((s) => (s?.length ? [name] : []))),
  ];
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice) throw new Error(`ValidationException: two paths of one update overlap at "${twice}"`);
}
