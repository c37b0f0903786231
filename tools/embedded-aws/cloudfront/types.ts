/** Whether CloudFront signs its requests to an origin, as its own service principal. */
export interface OriginAccessControl {
  signs: boolean;
}

/** How long an answer is kept. The path alone is the key: no cookie, header or query is part of it, or goes to the origin. */
export interface CachePolicy {
  minSeconds: number;
  /** Of an answer that does not say. */
  defaultSeconds: number;
  maxSeconds: number;
}

/** Headers that are added to every answer; one that the origin sent stays unless it is overridden. */
export interface HeadersPolicy {
  headers: { name: string; value: string; overrides: boolean }[];
  cors?: { origins: string[]; exposed: string[]; overrides: boolean };
}

export interface Distribution {
  id: string;
  arn: string;
  enabled: boolean;
  /** The bucket that it serves. */
  bucket: string;
  originAccessControlId?: string;
  allowedMethods: string[];
  cachePolicyId: string;
  headersPolicyId?: string;
}
