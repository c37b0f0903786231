/** `caller`: a client waits for the answer. `background`: an event source mapping invokes. */
export type Urgency = "caller" | "background";

interface Waiting {
  start: () => void;
  fail: (error: Error) => void;
}

/**
 * Limits how many invocations run at once on this machine; the others wait. Invocations in the background leave one
 * slot free, so that long ones never keep a caller waiting.
 */
export class InvocationSlots {
  private readonly running: Record<Urgency, number> = { caller: 0, background: 0 };
  private readonly waiting: Record<Urgency, Waiting[]> = { caller: [], background: [] };
  private freed: (() => void)[] = [];

  /** @param limit of invocations in the background; with those for callers there is one more */
  constructor(private readonly limit: number) {}

  async take(urgency: Urgency): Promise<void> {
    if (this.hasRoom(urgency)) this.running[urgency] += 1;
    else await new Promise<void>((start, fail) => this.waiting[urgency].push({ start, fail }));
  }

  /** Gives a slot back, which goes to the next that waits. */
  give(urgency: Urgency): void {
    this.running[urgency] -= 1;
    for (const next of ["caller", "background"] as const)
      while (this.hasRoom(next) && this.waiting[next].length > 0) {
        this.running[next] += 1;
        this.waiting[next].shift()?.start();
      }
    if (!this.hasRoom("background")) return;
    for (const resolve of this.freed.splice(0)) resolve();
  }

  /** All that run or wait. */
  get inProgress(): number {
    const { running, waiting } = this;
    return running.caller + running.background + waiting.caller.length + waiting.background.length;
  }

  /** Resolves when an invocation in the background would not have to wait, or when `signal` aborts. It reserves nothing. */
  async free(signal?: AbortSignal): Promise<void> {
    if (this.hasRoom("background") || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        signal?.removeEventListener("abort", end);
        resolve();
      };
      signal?.addEventListener("abort", end);
      this.freed.push(end);
    });
  }

  /** Fails all that wait. */
  close(error: Error): void {
    const waiting = [...this.waiting.caller.splice(0), ...this.waiting.background.splice(0)];
    for (const { fail } of waiting) fail(error);
    for (const resolve of this.freed.splice(0)) resolve();
  }

  private hasRoom(urgency: Urgency): boolean {
    const { caller, background } = this.running;
    return caller + background <= this.limit && (urgency === "caller" || background < this.limit);
  }
}
