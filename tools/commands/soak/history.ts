/** What clients did to a name. Times are milliseconds on one clock. */
export interface Operation {
  name: string;
  kind: "put" | "put-bad" | "delete";
  startedAt: number;
  /** Undefined while it runs, and for ever where the answer never came. */
  endedAt?: number;
  /** The service said 202: from then on it must hold. */
  acknowledged: boolean;
  /** Of an upload: SHA-256 of its bytes, hex. */
  contentHash?: string;
  /** Of an acknowledged upload. */
  versionId?: string;
}

/**
 * The operations that may have been a name's last one. An operation is out of the question once an acknowledged one
 * began after it had ended: of concurrent operations either may be the last, and one that was never answered may have
 * taken effect at any time, or not at all.
 */
export function possiblyLast(operations: Operation[]): Operation[] {
  return operations.filter(
    (operation) =>
      !operations.some(
        (later) => later.acknowledged && operation.endedAt !== undefined && later.startedAt >= operation.endedAt,
      ),
  );
}

/** Whether it is possible that nothing was ever done to the name. */
export const possiblyNothing = (operations: Operation[]): boolean => !operations.some((o) => o.acknowledged);
