/** @throws the signal's reason as soon as it aborts */
export function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, seconds * 1000);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Seconds that an answer asks to wait; undefined where it does not. */
export function secondsToWait({ headers }: Response): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? "none");
  return Number.isFinite(seconds) ? seconds : undefined;
}
