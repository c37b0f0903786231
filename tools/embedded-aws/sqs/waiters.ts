/** Receivers that wait for messages: woken by a send, by a message that becomes visible, or by the end of their wait. */
export class Waiters {
  private readonly waiting = new Map<number, Set<() => void>>();

  /** Resolves after `milliseconds`, or earlier when the queue is woken or `signal` aborts. */
  wait(queueId: number, milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const queue = this.waiting.get(queueId) ?? new Set();
      this.waiting.set(queueId, queue);
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        queue.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal?.addEventListener("abort", end);
      queue.add(end);
      if (signal?.aborted === true) end();
    });
  }

  wake(queueId: number): void {
    for (const end of [...(this.waiting.get(queueId) ?? [])]) end();
  }

  wakeAll(): void {
    for (const queueId of this.waiting.keys()) this.wake(queueId);
  }
}
