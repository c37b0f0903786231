export interface Batch {
  messages: number;
  /** Images that are worked on at the same time. */
  atOnce: number;
  /** Lambda's share of them for the function's memory: 1 is a whole one. One image uses one at most. */
  processors: number;
  cpuMs: number;
  /** Before the CPU, and again after it. */
  waitMs: number;
}

/** Of batches of images that take from half the CPU to one and a half times as much: equal ones would wait in step. */
export function meanBatchMs(batch: Batch): number {
  const cpus = spread(BATCHES * batch.messages).map((share) => batch.cpuMs * (0.5 + share));
  let sum = 0;
  for (let i = 0; i < BATCHES; i++) sum += batchMs(batch, cpus.slice(i * batch.messages, (i + 1) * batch.messages));
  return sum / BATCHES;
}
const BATCHES = 500;

/** Numbers from 0 to 1, evenly spread in an order that is always the same: multiples of the golden ratio. */
const spread = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 0.618_033_988_75) % 1);

/**
 * Milliseconds of a batch, by the CPU of each image: it waits for its original, takes its CPU, which images share equally,
 * and waits until its last rendition and the record are stored.
 */
export function batchMs(
  { atOnce, processors, waitMs }: Pick<Batch, "atOnce" | "processors" | "waitMs">,
  cpus: readonly number[],
): number {
  const waiting = [...cpus];
  let now = 0;
  let working: { steps: ["wait" | "make", number][] }[] = [];
  for (;;) {
    while (working.length < atOnce && waiting.length > 0)
      working.push({
        steps: [
          ["wait", waitMs],
          ["make", waiting.shift() ?? 0],
          ["wait", waitMs],
        ],
      });
    if (working.length === 0) return now;
    const making = working.filter(({ steps }) => steps[0]?.[0] === "make").length;
    const speed = (step: string) => (step === "make" ? Math.min(1, processors / making) : 1);
    const current = working.flatMap(({ steps }) => steps.slice(0, 1));
    const passed = Math.min(...current.map(([step, left]) => left / speed(step)));
    now += passed;
    for (const step of current) step[1] -= passed * speed(step[0]);
    for (const { steps } of working) if ((steps[0]?.[1] ?? 0) < 1e-6) steps.shift();
    working = working.filter(({ steps }) => steps.length > 0);
  }
}
