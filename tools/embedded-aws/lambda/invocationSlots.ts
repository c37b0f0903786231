/** `caller`: a client waits for the answer. `background`: an event source mapping invokes. */
export type Urgency = "caller" | "background";

interface Waiting {
  start: () => void;
  fail: (error: Error) => void;
}

/** Limits how many invocations run at once on this machine; the others wait, those with a waiting caller first. */
export class InvocationSlots {
  private running = 0;
  private readonly waiting: Record<Urgency, Waiting[]> = { caller: [], background: [] };
  private freed: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  async take(urgency: Urgency): Promise<void> {
    if (this.running >= this.limit) {
      await new Promise<void>((start, fail) => this.waiting[urgency].push({ start, fail }));
    } else {
      this.running += 1;
    }
  }

  /** Hands the slot to the next that waits. */
  give(): void {
    const next = this.waiting.caller.shift() ?? this.waiting.background.shift();
    if (next !== undefined) {
      next.start();
      return;
    }
    this.running -= 1;
    const freed = this.freed;
    this.freed = [];
    for (const resolve of freed) resolve();
  }

  /** Resolves when an invocation would not have to wait, or when `signal` aborts. It reserves nothing. */
  async free(signal?: AbortSignal): Promise<void> {
    if (this.running < this.limit || signal?.aborted === true) return;
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
}
