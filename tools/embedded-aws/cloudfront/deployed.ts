import type { EdgeCache } from "./edgeCache";
import type { CachePolicy, Distribution, HeadersPolicy } from "./types";

/** A distribution with all that it refers to. */
export interface Deployed {
  distribution: Distribution;
  cachePolicy: CachePolicy;
  headersPolicy: HeadersPolicy;
  /** Whether requests to the origin are signed. */
  signs: boolean;
  cache: EdgeCache;
}
