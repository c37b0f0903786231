import { allOf, keysOf } from "../../../handlers/protocol/generation";
import { tempKey } from "../../../handlers/protocol/objectName";
import { bytesOf } from "../../../handlers/protocol/recordRoom";
import type { LiveGeneration, RawRecord, Status } from "../../../handlers/records";
import type { Actor, Call } from "../world/actors";
import { consumers, MAX_RECEIVES, type QueueName } from "../world/stores/queues";
import { violationsOfAnswer } from "./answers";
import { violationsOfDetails } from "./details";
import { Violation } from "./invariants";
import { follows } from "./operations";
import { violationsOfProgress } from "./progress";
import { violationsOfForm } from "./recordForm";
import {
  violationsOfExpectation,
  violationsOfRenditions,
  violationsOfService,
  violationsOfSharing,
} from "./renditions";
import { VerdictOracle } from "./verdicts";
import { answerOf, measured, originalOf } from "../world/readAtRest";
import type { World } from "../world/world";

/** More calls than any single message or request needs. */
const MOST_CALLS_PER_MESSAGE = 80;

type Seen = RawRecord | undefined;

/** The invariants that must hold after every single effect. */
export class StepOracle {
  private readonly seen = new Map<string, Seen>();
  /** Names whose answer the last effect may have changed. */
  private readonly touched = new Set<string>();
  private readonly verdicts: VerdictOracle;

  constructor(private readonly world: World) {
    this.verdicts = new VerdictOracle(world.history);
  }

  /** To be called after each effect. */
  after({ name, about, actor }: Call): void {
    if (actor.calls > MOST_CALLS_PER_MESSAGE * Math.max(1, actor.messages.length)) {
      throw new Violation("I9", `${actor.label} made ${actor.calls} calls`);
    }
    switch (name) {
      case "PUT":
        this.touched.add(about[0] as string);
        return;
      case "images.create":
        this.pixels(about[0] as string, about[1] as Uint8Array);
        this.world.stores.edgeCaches.look();
        return;
      case "images.copy":
        this.copied(about[0] as string);
        return;
      case "images.read":
        this.lastTry(actor, about[0] as string);
        return;
      case "images.delete":
        for (const original of this.seen.keys()) this.ready(this.world.stores.metadata.raw(original));
        return;
      case "metadata.updateRaw":
        this.record(about[0] as string, actor);
        return;
    }
  }

  /** The answers of `GET` to the names that the last effect touched. */
  async answers(): Promise<void> {
    for (const original of this.touched) {
      const record = this.world.stores.metadata.raw(original);
      const answer = await answerOf(this.world, original);
      this.world.stores.edgeCaches.tell(answer?.renditions.map(({ key }) => key) ?? []);
      const waits = this.world.stores.temp.versions(tempKey(original)).length > 0;
      for (const violation of violationsOfAnswer(original, record, answer, waits)) throw violation;
    }
    this.touched.clear();
  }

  sending(from: Actor, queue: QueueName): void {
    if (consumers[queue].functionName === from.functionName) {
      throw new Violation("I9", `${from.label} sends to its own queue, ${queue}`);
    }
  }

  /** Forgets a name whose record's time to live ended. */
  forget(): void {
    for (const original of [...this.seen.keys()]) {
      if (!this.world.stores.metadata.raw(original)) this.seen.delete(original);
    }
  }

  private record(original: string, actor: Actor): void {
    const record = this.world.stores.metadata.raw(original);
    const before = this.seen.get(original);
    if (!record) return;
    this.seen.set(original, record);
    this.touched.add(original);
    for (const violation of violationsOfForm(record)) throw violation;
    for (const generation of [record, record.live]) this.details(original, generation);
    for (const violation of violationsOfExpectation(before, record)) throw violation;
    for (const violation of violationsOfService(before, record)) throw violation;
    this.size(record);
    this.rejection(record);
    if (before) for (const violation of violationsOfProgress(original, before, record)) throw violation;
    const newGeneration = record.generation !== undefined && record.generation !== before?.generation;
    if (before ? !mayBecome(before, record.status, newGeneration) : !bornAs.has(record.status)) {
      throw new Violation("I6", `${original}: status went from ${before?.status ?? "nothing"} to ${record.status}`);
    }
    if (
      record.status === "DELETED" &&
      [record.generation, record.live, record.superseded, record.cancelled, record.cancelledBefore].some(
        (left) => left !== undefined,
      )
    ) {
      throw new Violation("I2", `${original} is DELETED though something is left to clear away`);
    }
    this.cleared(original, before, record, actor);
    this.resurrected(original, record);
    this.verdicts.record(original, before, record);
    this.ready(record);
  }

  private details(original: string, recorded: LiveGeneration | undefined): void {
    const upload = this.world.history.uploadOf(recorded?.generation ?? "")?.upload;
    if (!recorded || !upload) return;
    for (const violation of violationsOfDetails(original, recorded, [upload])) throw violation;
  }

  /** DynamoDB refuses an item of more than 400 KB: a record never comes near that. */
  private size(record: RawRecord): void {
    const { mostBytes } = this.world.room;
    for (const set of ["superseded", "cancelled"] as const) {
      const bytes = bytesOf(record[set] ?? []);
      if (bytes > mostBytes[set]) {
        throw new Violation("I9", `${record.original}: ${set} has ${bytes} bytes, more than ${mostBytes[set]}`);
      }
    }
  }

  /**
   * A generation leaves `superseded` only once its objects are gone, from edge caches too, but for those that a run may
   * still store, and those that another delivery stored again and asks by message to be removed.
   */
  private cleared(original: string, before: Seen, { superseded = [] }: RawRecord, actor: Actor): void {
    const done = before?.superseded?.filter((manifest) => !superseded.includes(manifest)) ?? [];
    if (done.length === 0 || this.world.mayStillStore()) return;
    for (const manifest of done) {
      const { images, edgeCaches } = this.world.stores;
      for (const key of allOf(keysOf(original, manifest))) {
        if ((!images.has(key) && !edgeCaches.has(key)) || this.world.willClear(original, key, actor)) continue;
        throw images.has(key)
          ? new Violation("I5", `${original}: ${key} counts as cleared away and is not`)
          : new Violation("I11", `${original}: ${key} counts as cleared away and is in edge caches`);
      }
    }
  }

  /** The last try may die: an image that it would leave without renditions must be FAILED by then. */
  private lastTry({ label, messages }: Actor, imageId: string): void {
    const { metadata } = this.world.stores;
    for (const name of metadata.names()) {
      const record = metadata.raw(name);
      if (record?.imageId !== imageId || record.status !== "PROCESSING") continue;
      // Of two messages about it in one batch, the one that can come again is the last try of neither.
      const about = messages.filter(({ body }) => body.includes(record.generation ?? ""));
      if (about.length > 0 && about.every(({ receives }) => receives >= MAX_RECEIVES)) {
        throw new Violation("I1", `${label} reads ${imageId} for the last time, and ${name} is PROCESSING`);
      }
    }
  }

  /** A name that was deleted shows no upload from before. */
  private resurrected(original: string, record: RawRecord): void {
    for (const { generation = "" } of [record, record.live ?? {}]) {
      const upload = this.world.history.uploadOf(generation);
      if (!upload) continue;
      const killer = this.world.history
        .of(original)
        .find((other) => other.kind === "delete" && other.acknowledged && follows(other, upload));
      if (killer) throw new Violation("I2", `${original}: upload ${upload.upload?.versionId} is back after its DELETE`);
    }
  }

  /** A rejection is told with the reason of the upload that was rejected. */
  private rejection({ original, rejectedSequencer, rejectedReason }: RawRecord): void {
    if (rejectedReason === undefined) return;
    const upload = this.world.history.uploadAt(original, rejectedSequencer ?? "")?.upload;
    if (!upload?.outcomes.includes("REJECTED") || !rejectedReason.includes(upload.reason ?? "")) {
      throw new Violation("FORM", `${original}: "${rejectedReason}" is not why ${upload?.versionId} was rejected`);
    }
  }

  private ready(record: RawRecord | undefined): void {
    if (!record) return;
    const stored = (key: string) => this.world.stores.images.read(key);
    const look = (key: string) => {
      const body = stored(key);
      return body && measured(body);
    };
    for (const violation of violationsOfRenditions(record, look)) throw violation;
    for (const violation of violationsOfSharing(record, stored)) throw violation;
  }

  /** The bytes that a copy left under its key; none where the upload was gone. */
  private copied(key: string): void {
    const body = this.world.stores.images.read(key);
    if (body) this.pixels(key, body);
  }

  private pixels(key: string, body: Uint8Array): void {
    const [, ...rest] = key.split("/");
    const generation = (rest.at(-1) ?? "").slice(0, 48);
    const operation = this.world.history.uploadOf(generation);
    const upload = operation?.upload;
    if (!upload || tempKey(operation.name) !== `images/${rest.slice(0, -1).join("/")}`) {
      throw new Violation("I7", `${key} is of no upload of its name`);
    }
    if (originalOf(key, body) !== Buffer.from(upload.body).toString()) {
      throw new Violation("I7", `${key} has the pixels of ${JSON.stringify(Buffer.from(body).toString())}`);
    }
  }
}

const bornAs = new Set<Status>(["PROCESSING", "REJECTED", "DELETING", "DELETED"]);

/** The graph of a record's status. Only a new generation is PROCESSING. */
function mayBecome({ status: from, givenUp }: RawRecord, to: Status, newGeneration: boolean): boolean {
  if (newGeneration) return to === "PROCESSING";
  switch (to) {
    case "PROCESSING":
      return from === "PROCESSING";
    case "READY":
    case "FAILED":
      if (givenUp) return true;
      return from === to || from === "PROCESSING";
    case "REJECTED":
      return ["REJECTED", "DELETING", "DELETED"].includes(from);
    case "DELETING":
      return true;
    case "DELETED":
      return ["DELETED", "DELETING", "REJECTED"].includes(from);
  }
}
