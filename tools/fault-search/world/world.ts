import type { UploadLimits } from "../../../handlers/imageTypes";
import type { MakeRenditions } from "../../../handlers/imagePorts";
import { decoderFaults, simulatedDecoder } from "./simulatedDecoder";
import { allOf, keysOf, originalKeyPrefix } from "../../../handlers/protocol/generation";
import { backfillBody, parseS3Notice } from "../../../handlers/protocol/messages";
import { backfillOf } from "../../../handlers/protocol/recipes";
import type { DeleteResolutionBasedImageMessage, RawRecord } from "../../../handlers/records";
import type { Actor, Call, Task } from "./actors";
import { ownerOf, PARTLY_FAILED } from "./actors";
import type { Choices } from "../search/choices";
import { noFaults, type Fault, type FaultModel } from "../search/faultModel";
import { startAnnouncing } from "./announcing";
import { startDelivery, startDeletion, startSweep } from "./runFunctions";
import type { Handlers } from "./deployedHandlers";
import { History } from "./history";
import { AnnouncementOracle } from "../oracle/announcements";
import { DeliveryOracle } from "../oracle/deliveries";
import { StepOracle } from "../oracle/everyStep";
import { SweepOracle } from "../oracle/sweeps";
import { EdgeCaches } from "./stores/edgeCaches";
import { ImagesBucket } from "./stores/imagesBucket";
import { imageTypes, laterImageTypes, limits, otherImageTypes, strictLimits } from "./simulatedImages";
import { MetadataTable } from "./stores/metadataTable";
import { RecordStream, type Shard, type StoredChange } from "./stores/recordStream";
import { roomWith, type SimulatedRoom } from "./room";
import { consumers, Queues, type Message, type QueueName } from "./stores/queues";
import type { Perform, Stores } from "./simulatedPorts";
import { TempBucket } from "./stores/tempBucket";
import type { Strategy } from "../search/strategy";
import { argumentsText, resultText, type Trace } from "./trace";
import { Violation } from "../oracle/invariants";

const START = Date.parse("2030-01-01T00:00:00Z");
const STEP_MS = 50;
const HOUR_MS = 60 * 60 * 1000;
/** So far the clocks of runs are from that of S3: docs/protocol.md assumes less than a minute. */
const SKEWS_MS = [0, 14_000, -14_000, 300];
/** More steps than any schedule needs: one that gets here repeats itself. */
const MAX_STEPS = 6000;
const storingFunctions = new Set<string>(
  Object.values(consumers)
    .filter(({ storesObjects }) => storesObjects)
    .map(({ functionName }) => functionName),
);

/** The faults of a call that takes its whole effect. */
const effective = new Set<Fault>(["none", "expire", "killAfter", "errorAfter", "again"]);

export interface WorldOptions {
  handlers: Handlers;
  choices: Choices;
  strategy: Strategy;
  faults: FaultModel;
  /** How many messages of a queue, or changes of an item, one invocation may get. */
  batch: number;
  /** The limits of uploads until the next deployment. */
  limits?: UploadLimits;
  /** The states of images are announced. */
  announces?: boolean;
  /** Records have room for the manifests of images that are backfilled. */
  backfills?: boolean;
  /** The clocks of functions differ, and the index of names lags behind. */
  lags?: boolean;
  trace?: Trace;
  /** Called with every call as it is made. */
  observe?: (call: Call) => void;
}

/** The whole simulated service: stores, queues, functions under way, clients, and the scheduler that runs them. */
export class World {
  private readonly images = new ImagesBucket(() => this.now());
  readonly stores: Stores = {
    temp: new TempBucket(() => this.now()),
    images: this.images,
    edgeCaches: new EdgeCaches(this.images),
    metadata: new MetadataTable(
      (original, change) => this.changed(original, change),
      (original) => this.index(original),
    ),
  };
  readonly queues = new Queues();
  readonly history = new History();
  readonly oracle: StepOracle;
  readonly deliveries = new DeliveryOracle();
  readonly announcements = new AnnouncementOracle();
  readonly sweeps = new SweepOracle();
  readonly room: SimulatedRoom;
  /** The configuration; a later deployment may make other renditions, and accept other uploads. */
  imageTypes = imageTypes;
  limits: UploadLimits;
  step = 0;
  /** In one execution environment, whose decoder goes on from one invocation to the next. */
  readonly makeRenditions: MakeRenditions;
  /** SHA-256 of originals that a decoder was stopped or ended on. */
  readonly undecoded = new Set<string>();
  /** Bodies of all messages that were ever sent, poison excepted. */
  readonly sent = new Map<string, QueueName>();
  private readonly stream = new RecordStream();
  private readonly pending: Call[] = [];
  private storesLate = false;
  private readonly spared = new Set<Message>();
  private actors = 0;
  private current = 0;
  private skippedMs = 0;
  private failure: Error | undefined;
  private faults: FaultModel;

  constructor(readonly options: WorldOptions) {
    this.faults = options.faults;
    this.makeRenditions = options.handlers.watchedDecoder(simulatedDecoder(this));
    this.limits = options.limits ?? limits;
    this.room = roomWith(options);
    this.oracle = new StepOracle(this);
  }

  now = (): number => START + this.step * STEP_MS + this.skippedMs;

  pass(milliseconds: number): void {
    this.skippedMs += milliseconds;
  }

  redeploy(): void {
    this.imageTypes = laterImageTypes;
    this.limits = this.limits === limits ? strictLimits : limits;
  }

  /** Other image types, or the first ones again. */
  retype(): void {
    this.imageTypes = this.imageTypes === imageTypes ? otherImageTypes : imageTypes;
  }

  /** An operator's backfill, of what the records tell just now. */
  backfill(remove: boolean): void {
    const { metadata } = this.stores;
    for (const name of metadata.names()) {
      const record = metadata.raw(name);
      const message = record && backfillOf(record, { wanted: this.imageTypes, remove });
      if (message) this.send("PutResolutionBasedImageQueue", backfillBody(message));
    }
  }

  /** From here on nothing fails. */
  calm(): void {
    this.faults = noFaults;
  }

  /** From here on calls may fail again. */
  disturb(): void {
    this.faults = this.options.faults;
  }

  newActor(functionName: Actor["functionName"], messages: Message[] = []): Actor {
    this.actors += 1;
    const label = `${functionName}#${this.actors}`;
    const expired = messages.some((message) => this.spared.has(message));
    return { id: this.actors, label, functionName, state: "live", messages, calls: 0, expired };
  }

  /** How an actor makes calls: each waits until the scheduler picks it. */
  performFor(actor: Actor): Perform {
    return <Result>(name: string, about: readonly unknown[], effect: (most?: number) => Result) =>
      new Promise<Result>((resolve, reject) => {
        actor.calls += 1;
        const call: Call = {
          actor,
          name,
          about,
          effect,
          reject,
          ordinal: actor.calls,
          resolve: resolve as (value: unknown) => void,
        };
        this.options.observe?.(call);
        this.pending.push(call);
      });
  }

  send(queue: QueueName, body: string, { from, poison = false }: { from?: Actor; poison?: boolean } = {}): void {
    if (from) this.oracle.sending(from, queue);
    if (from?.functionName === "SweepProcess") {
      this.sweeps.sends(body);
      if (queue === "PutRawImageQueue") this.noteSwept(body);
    }
    for (let copies = 1 + this.faults.copies(); copies > 0; copies--) this.queues.send(queue, body, poison);
    if (!poison) this.sent.set(body, queue);
  }

  /** S3 tells of an upload, unless that is lost. */
  notify(body: string): void {
    if (this.faults.loses()) this.note(undefined, "the notification is lost");
    else this.send("PutRawImageQueue", body);
  }

  /** The table's stream tells of a change. */
  changed(original: string, change: Omit<StoredChange, "sequenceNumber">): void {
    if (this.options.announces) this.announcements.changed(this.stream.add(original, change));
  }

  /** The index of names follows a change, at some time after it where it lags behind. */
  private index(original: string): void {
    const follow = (): void => this.stores.metadata.index(original);
    if (this.options.lags) void this.performFor(this.newActor("index"))("index", [original], follow);
    else follow();
  }

  /** The clock of a run. */
  clockOf({ id }: Actor): { now: () => number } {
    const skewMs = this.options.lags ? (SKEWS_MS[id % SKEWS_MS.length] ?? 0) : 0;
    return { now: () => this.now() + skewMs };
  }

  /** The decoder's fault with the next original. */
  decoderFault(): (typeof decoderFaults)[number] {
    return decoderFaults[this.faults.decoder(decoderFaults.length)] ?? "none";
  }

  /** Whether a batch of the stream comes again although its function succeeded. */
  deliversAgain(): boolean {
    return this.faults.copies() > 0;
  }

  /** So much time passes that everything has waited twice as long, and longer than an hour; then the schedule invokes the sweep. */
  sweepLater(): void {
    const milliseconds = Math.max(2.4 * HOUR_MS, this.now() - START);
    this.note(undefined, `${Math.round(milliseconds / HOUR_MS)} hours pass`);
    this.pass(milliseconds);
    this.sweeps.starts(false);
    startSweep(this);
    // The schedule invokes a function at least once.
    if (this.faults.copies() === 0) return;
    this.sweeps.startsTwice();
    startSweep(this);
  }

  /** The schedule invokes the sweep again, before anything has waited twice as long. */
  sweepSoon(): void {
    this.note(undefined, "half an hour passes");
    this.pass(HOUR_MS / 2);
    this.sweeps.starts(true);
    startSweep(this);
  }

  /** A run behind the API: resolves with its answer, rejects when it fails or dies. `onOver`: after its last effect. */
  requestDeletion(name: string, onOver: () => void): Promise<RawRecord | undefined> {
    return startDeletion(this, name, onOver);
  }

  /** Runs until nothing is left to do. */
  async drain(): Promise<void> {
    await settled();
    for (;;) {
      if (this.failure) throw this.failure;
      const tasks = this.tasks();
      if (tasks.length === 0) return;
      if (this.step >= MAX_STEPS) throw new Violation("I9", `no rest after ${MAX_STEPS} steps`);
      this.step += 1;
      const index = this.options.choices.choose("order", tasks.length, (r) => this.options.strategy(tasks, r));
      const task = tasks[index];
      if (!task) throw new RangeError(`no task ${index}`);
      this.current = ownerOf(task);
      if (task.kind === "call") this.carryOut(task.call);
      else if (task.kind === "delivery") this.deliver(task.message);
      else this.announce(task.shard);
      await settled();
      await this.oracle.answers();
    }
  }

  /** The message that stops everything; for errors in code that has no caller. */
  fail(error: Error): void {
    this.failure ??= error;
  }

  /** A function returned, or threw. Without failures its messages are finished. */
  answered(actor: Actor, failed: (message: Message) => boolean): void {
    if (actor.state !== "live") return;
    actor.state = "answered";
    try {
      this.deliveries.reports(actor, failed);
    } catch (error) {
      this.fail(error as Error);
    }
    actor.onOver?.();
    for (const message of actor.messages) {
      if (failed(message)) this.queues.release(message, actor.id);
      else this.queues.finish(message);
    }
    const outcome = actor.messages.map((m) => `message ${m.id} ${failed(m) ? `failed: ${m.state}` : "finished"}`);
    this.note(actor, outcome.length > 0 ? outcome.join(", ") : "answers");
  }

  /** Whether an object may still be stored, or was stored late: by a run, a late call, or the next delivery of a message. */
  mayStillStore(): boolean {
    return (
      this.storesLate ||
      this.pending.some(({ actor }) => storingFunctions.has(actor.functionName)) ||
      this.queues.all.some(
        ({ queue, state, poison }) => consumers[queue].storesObjects && state !== "finished" && !poison,
      )
    );
  }

  /** Whether a message that is not finished, and is none of this run, asks for an object to be removed. */
  willClear(name: string, key: string, run: Actor): boolean {
    return this.queues.all.some((message) => {
      const { queue, body, state, poison } = message;
      if (queue !== "DeleteResolutionBasedImageQueue" || state === "finished" || poison) return false;
      if (run.messages.includes(message)) return false;
      const asked = JSON.parse(body) as DeleteResolutionBasedImageMessage;
      if (asked.original !== name) return false;
      if ("upload" in asked) return key.startsWith(originalKeyPrefix(name, asked.upload));
      return allOf(keysOf(name, asked.manifest)).includes(key);
    });
  }

  private noteSwept(body: string): void {
    const notice = parseS3Notice(JSON.parse(body));
    for (const { key, versionId, sequencer } of notice.kind === "uploads" ? notice.uploads : []) {
      this.history.sweeps(key.slice("images/".length), versionId, sequencer);
    }
  }

  note(actor: Actor | undefined, text: string): void {
    this.options.trace?.line(this.step, actor?.label ?? "", text);
  }

  /** The tamest task first: the actor that had the last turn goes on. */
  private tasks(): Task[] {
    const mine: Task[] = [];
    const others: Task[] = [];
    for (const call of this.pending) {
      const task: Task = { kind: "call", call };
      (ownerOf(task) === this.current ? mine : others).push(task);
    }
    for (const message of this.queues.visible) others.push({ kind: "delivery", message });
    for (const shard of this.stream.readable()) others.push({ kind: "changes", shard });
    return mine.length > 0 ? mine.concat(others) : others;
  }

  private announce(shard: Shard): void {
    const most = Math.min(this.options.batch, shard.waiting.length);
    startAnnouncing(this, shard, 1 + (most > 1 ? this.options.choices.choose("order", most, (r) => r.below(most)) : 0));
  }

  private deliver(first: Message): void {
    const others = this.queues.visible.filter(({ queue, id }) => queue === first.queue && id !== first.id);
    const most = Math.min(this.options.batch - 1, others.length);
    const extra = most > 0 ? this.options.choices.choose("order", most + 1, (r) => r.below(most + 1)) : 0;
    startDelivery(this, first.queue, [first, ...others.slice(0, extra)]);
  }

  private carryOut(call: Call): void {
    if (call.again) {
      this.pending.splice(this.pending.indexOf(call), 1);
      this.land(call, "an attempt that was given up, late");
      if (call.actor.state === "dead") this.bury(call.actor);
      else if (call.failed) call.actor.onOver?.();
      return;
    }
    const fault = this.faults.of(call, this.step);
    this.pending.splice(this.pending.indexOf(call), 1);
    if (call.actor.state === "dead") {
      if (fault === "none") this.land(call, "lands late");
      else this.note(call.actor, `lost: ${call.name}(${argumentsText(call.about)})`);
      this.bury(call.actor);
      return;
    }
    if (fault === "expire") this.expire(call.actor);
    const result = effective.has(fault) ? this.land(call, fault === "killAfter" ? "then killed" : "") : undefined;
    this.apply(fault, call, result);
  }

  private apply(fault: Fault, call: Call, result: unknown): void {
    const { actor } = call;
    switch (fault) {
      case "none":
      case "expire":
        call.resolve(result);
        return;
      case "again":
        this.pending.push({ ...call, again: true });
        this.storesLate ||= ["images.create", "images.copy"].includes(call.name);
        call.resolve(result);
        return;
      case "retried":
        this.land(call, "the answer is lost, and it is tried again");
        this.pending.push({ ...call, retried: true });
        return;
      case "errorLater":
        this.note(actor, `given up: ${call.name}(${argumentsText(call.about)})`);
        this.pending.push({ ...call, again: true, failed: true });
        this.storesLate ||= ["images.create", "images.copy"].includes(call.name);
        call.reject(unavailable());
        return;
      case "killBefore":
        this.note(actor, `killed before ${call.name}(${argumentsText(call.about)})`);
        this.kill(actor);
        return;
      case "killAfter":
        this.kill(actor);
        return;
      case "errorBefore":
      case "errorAfter":
        this.note(
          actor,
          fault === "errorBefore" ? `throttled: ${call.name}(${argumentsText(call.about)})` : "…but 500",
        );
        call.reject(unavailable());
        return;
      case "partly":
        if (call.name === "events.put") {
          // The answer tells which entries failed.
          call.resolve(this.land(call, "the last event was refused", call.about.length - 1));
          return;
        }
        this.land(call, "the rest of the batch failed", 1);
        call.reject(Object.assign(new Error("InternalError"), { name: PARTLY_FAILED }));
        return;
      case "missing":
        this.note(actor, `404: ${call.name}(${argumentsText(call.about)})`);
        call.resolve(undefined);
        return;
      case "timeout":
        this.note(actor, `times out; under way: ${call.name}(${argumentsText(call.about)})`);
        this.pending.push(call);
        this.die(actor);
        return;
    }
  }

  private land(call: Call, remark: string, most?: number): unknown {
    const result = call.effect(most);
    if (this.options.trace) {
      const answer = resultText(result);
      this.note(call.actor, `${call.name}(${argumentsText(call.about)})${answer}${remark && ` — ${remark}`}`);
    }
    this.oracle.after(call);
    return result;
  }

  private kill(actor: Actor): void {
    for (let i = this.pending.length - 1; i >= 0; i--) {
      const call = this.pending[i];
      if (call?.actor === actor && !call.again) this.pending.splice(i, 1);
    }
    this.die(actor);
  }

  private die(actor: Actor): void {
    actor.state = "dead";
    this.bury(actor);
    actor.onDeath?.(new Error("502 Bad Gateway"));
  }

  /** The visibility timeout is so long that late calls of a dead run land before its messages are delivered again. */
  private bury(actor: Actor): void {
    if (this.pending.some((call) => call.actor === actor)) return;
    actor.onOver?.();
    for (const message of actor.messages) this.queues.release(message, actor.id);
  }

  private expire(actor: Actor): void {
    this.note(actor, "its visibility timeout ends");
    actor.expired = true;
    for (const message of actor.messages) {
      this.spared.add(message);
      this.queues.release(message, actor.id);
    }
  }
}

const unavailable = (): Error =>
  Object.assign(new Error("Please reduce your request rate."), { name: "ServiceUnavailable" });

/** All that the last step set in motion has come to its next call: ticks run only when no microtask is left. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
