import { EventQueue } from "./eventQueue";

/** A queue and the function that it drives. Times are in milliseconds. */
export interface Stage {
  name: string;
  /** Messages of one invocation, at most. */
  batchSize: number;
  /** Invocations at the same time, at most: the mapping's setting. */
  maximumConcurrency: number;
  /** CPU of one message at the function's memory; the messages of a batch share the processor. */
  cpuMs: number;
  /** Waits of one message; those of a batch overlap. */
  waitMs: number;
  /** Added to the first invocation of each execution environment. */
  coldMs: number;
}

export interface Load {
  /** Uploads a second; they come at random times (a Poisson process). */
  rate: number;
  /** Uploads at the beginning, all at once. */
  burst: number;
  seconds: number;
  /** Of the random numbers. */
  seed: number;
}

/** Limits of AWS within which mappings scale. */
export interface Scaling {
  /** Concurrent executions of the account. */
  accountConcurrency: number;
  /** Batches at the same time when a queue becomes active, and how many more a minute. */
  firstBatches: number;
  batchesPerMinute: number;
  /** New execution environments of one function in ten seconds. */
  environmentsPerTenSeconds: number;
  /** Processors that all functions share; undefined: each has its own. */
  processors?: number;
}

/**
 * How Lambda scales with SQS.
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
 */
export const lambdaScaling = { firstBatches: 5, batchesPerMinute: 300, environmentsPerTenSeconds: 1000 } as const;

interface StageResult {
  name: string;
  /** Invocations at the same time. */
  peakConcurrency: number;
  /** Milliseconds that a message waited in the queue. */
  delayP50: number;
  delayP99: number;
  peakDepth: number;
  coldStarts: number;
}
export interface Result {
  uploads: number;
  /** From the upload to the end of the last stage, milliseconds. */
  latencyP50: number;
  latencyP99: number;
  /** Seconds after the last upload until all queues are empty. */
  drainSeconds: number;
  stages: StageResult[];
  peakConcurrency: number;
}

/** An upload arrives, or an invocation of a stage ends. */
type Event = { stage: number; done?: number[] } | "arrival" | "wake";

/** Uploads on their way through stages, one queue after the other. */
export function simulate(stages: readonly Stage[], load: Load, scaling: Scaling): Result {
  return new Simulation(stages, load, scaling).run();
}

class Simulation {
  private readonly events = new EventQueue<Event>();
  private readonly queues: Queue[];
  private readonly random: () => number;
  private readonly latencies: number[] = [];
  private running = 0;
  private peak = 0;
  private lastArrival = 0;
  private endedAt = 0;

  constructor(
    stages: readonly Stage[],
    private readonly load: Load,
    private readonly scaling: Scaling,
  ) {
    this.random = randomFrom(load.seed);
    this.queues = stages.map((stage) => new Queue(stage, scaling));
  }

  run(): Result {
    this.arrive();
    for (let next = this.events.next(); next; next = this.events.next()) this.handle(next.at, next.event);
    const sorted = Float64Array.from(this.latencies).sort();
    return {
      uploads: this.latencies.length,
      latencyP50: percentile(sorted, 0.5),
      latencyP99: percentile(sorted, 0.99),
      drainSeconds: Math.max(0, this.endedAt - this.lastArrival) / 1000,
      stages: this.queues.map((queue) => queue.result()),
      peakConcurrency: this.peak,
    };
  }

  /** All uploads: those of the burst, then at random times. */
  private arrive(): void {
    const { burst, rate, seconds } = this.load;
    for (let i = 0; i < burst; i++) this.events.add(0, "arrival");
    let at = 0;
    for (;;) {
      at += (-Math.log(1 - this.random()) / rate) * 1000;
      if (at > seconds * 1000) break;
      this.events.add(at, "arrival");
      this.lastArrival = at;
    }
  }

  private handle(now: number, event: Event): void {
    if (event === "arrival") this.queues[0]?.add({ arrivedAt: now, queuedAt: now });
    else if (event !== "wake") {
      this.running -= 1;
      this.endedAt = now;
      this.queues[event.stage]?.end();
      const next = this.queues[event.stage + 1];
      for (const arrivedAt of event.done ?? [])
        if (next) next.add({ arrivedAt, queuedAt: now });
        else this.latencies.push(now - arrivedAt);
    }
    for (const [stage, queue] of this.queues.entries()) this.start(now, stage, queue);
  }

  private start(now: number, stage: number, queue: Queue): void {
    while (this.running < this.scaling.accountConcurrency && queue.mayStart(now)) {
      const { messages, isCold } = queue.take(now);
      this.running += 1;
      this.peak = Math.max(this.peak, this.running);
      const { cpuMs, waitMs, coldMs } = queue.stage;
      const { processors } = this.scaling;
      const share = processors === undefined ? 1 : Math.max(1, this.running / processors);
      const cpu = cpuMs * messages.length * share * (0.9 + 0.2 * this.random());
      // Waits have a long tail: their mean with an exponential part.
      const wait = waitMs * (0.5 - 0.5 * Math.log(1 - this.random()));
      const done = messages.map(({ arrivedAt }) => arrivedAt);
      this.events.add(now + cpu + wait + (isCold ? coldMs * share : 0), { stage, done });
    }
    const wakeAt = queue.wakeAt(now);
    if (wakeAt !== undefined) this.events.add(wakeAt, "wake");
  }
}

interface Message {
  arrivedAt: number;
  queuedAt: number;
}

class Queue {
  private messages: Message[] = [];
  private head = 0;
  private busy = 0;
  private environments = 0;
  private activeSince: number | undefined;
  private created: { since: number; count: number } = { since: 0, count: 0 };
  private readonly delays: number[] = [];
  private peakConcurrency = 0;
  private peakDepth = 0;
  private wakesAt: number | undefined;

  constructor(
    readonly stage: Stage,
    private readonly scaling: Scaling,
  ) {}

  add(message: Message): void {
    this.messages.push(message);
    this.peakDepth = Math.max(this.peakDepth, this.depth);
  }

  end(): void {
    this.busy -= 1;
    if (this.busy === 0 && this.depth === 0) this.activeSince = undefined;
  }

  mayStart(now: number): boolean {
    if (this.depth === 0) return false;
    this.activeSince ??= now;
    if (this.busy >= this.batches(now)) return false;
    return this.environments > this.busy || this.mayCreate(now);
  }

  /** When a limit that holds the queue back is higher; each such time is told once. */
  wakeAt(now: number): number | undefined {
    if (this.depth === 0 || this.busy >= this.stage.maximumConcurrency) return undefined;
    if (this.wakesAt !== undefined && this.wakesAt > now) return undefined;
    this.wakesAt = now + STEP;
    return this.wakesAt;
  }

  take(now: number): { messages: Message[]; isCold: boolean } {
    const messages = this.messages.slice(this.head, this.head + this.stage.batchSize);
    this.head += messages.length;
    for (const { queuedAt } of messages) this.delays.push(now - queuedAt);
    if (this.head > 10_000 && this.head * 2 > this.messages.length) {
      this.messages = this.messages.slice(this.head);
      this.head = 0;
    }
    this.busy += 1;
    this.peakConcurrency = Math.max(this.peakConcurrency, this.busy);
    const isCold = this.busy > this.environments;
    if (isCold) {
      this.environments += 1;
      this.created.count += 1;
    }
    return { messages, isCold };
  }

  result(): StageResult {
    const sorted = Float64Array.from(this.delays).sort();
    return {
      name: this.stage.name,
      peakConcurrency: this.peakConcurrency,
      delayP50: percentile(sorted, 0.5),
      delayP99: percentile(sorted, 0.99),
      peakDepth: this.peakDepth,
      coldStarts: this.environments,
    };
  }

  private get depth(): number {
    return this.messages.length - this.head;
  }

  /** Batches that the mapping works on at the same time, while messages are left. */
  private batches(now: number): number {
    const { firstBatches, batchesPerMinute } = this.scaling;
    const scaled = firstBatches + Math.floor(((now - (this.activeSince ?? now)) / 60_000) * batchesPerMinute);
    return Math.min(this.stage.maximumConcurrency, scaled);
  }

  private mayCreate(now: number): boolean {
    if (now - this.created.since >= 10_000) this.created = { since: now, count: 0 };
    return this.created.count < this.scaling.environmentsPerTenSeconds;
  }
}

/** Milliseconds between looks at a limit that grows with time. */
const STEP = 200;

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
