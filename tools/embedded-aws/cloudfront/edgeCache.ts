import type { CachePolicy } from "./types";

/** An answer of the origin. */
export interface Kept {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** Milliseconds since 1970. */
  at: number;
  seconds: number;
}

/** Errors are kept for ten seconds: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html */
const ERROR_SECONDS = 10;

/** The content of a distribution's edge caches, in memory: it is gone when the run ends, as what AWS evicts. */
export class EdgeCache {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly now: () => number) {}

  find(path: string): (Kept & { age: number }) | undefined {
    const found = this.kept.get(path);
    if (found === undefined) return undefined;
    const age = Math.floor((this.now() - found.at) / 1000);
    return age < found.seconds ? { ...found, age } : undefined;
  }

  keep(path: string, answer: Pick<Kept, "status" | "headers" | "body">, policy: CachePolicy): void {
    const seconds = answer.status < 400 ? lifeOf(answer.headers["cache-control"], policy) : ERROR_SECONDS;
    this.kept.set(path, { ...answer, at: this.now(), seconds });
  }

  /** Drops what lies under a path, or under all that begin as a path with `*` at its end does. */
  invalidate(path: string): void {
    const isMeant = (kept: string) => (path.endsWith("*") ? kept.startsWith(path.slice(0, -1)) : kept === path);
    for (const kept of this.kept.keys()) if (isMeant(kept)) this.kept.delete(kept);
  }
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html */
function lifeOf(cacheControl: string | undefined, { minSeconds, defaultSeconds, maxSeconds }: CachePolicy): number {
  if (/\b(no-store|no-cache|private)\b/.test(cacheControl ?? "")) return minSeconds;
  const told = /s-maxage=(\d+)/.exec(cacheControl ?? "") ?? /max-age=(\d+)/.exec(cacheControl ?? "");
  return told ? Math.min(Math.max(Number(told[1]), minSeconds), maxSeconds) : defaultSeconds;
}
