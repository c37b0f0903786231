import { notImplemented } from "../http/awsError";
import type { WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import { createControl } from "./control";
import type { Deployed } from "./deployed";
import { EdgeCache } from "./edgeCache";
import { createEdgeServer } from "./edgeServer";
import type { CachePolicy, Distribution, HeadersPolicy, OriginAccessControl } from "./types";

export interface CloudFrontAdmin {
  putOriginAccessControl(id: string, control: OriginAccessControl): void;
  putCachePolicy(id: string, policy: CachePolicy): void;
  putHeadersPolicy(id: string, policy: HeadersPolicy): void;
  putDistribution(distribution: Distribution): void;
}

export interface CloudFrontOptions {
  iam: Iam;
  place: Place;
  /** Answers the requests to origins. */
  s3: WireService;
  announce: (line: string) => void;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export interface CloudFront extends CloudFrontAdmin {
  /** CloudFront's own API. */
  control: WireService;
  /** Serves the distribution on 127.0.0.1, where one is declared. */
  listen(port: number): Promise<void>;
  close(): Promise<void>;
}

/** CloudFront: one distribution in front of a bucket, and its edge caches. */
export function createCloudFront(options: CloudFrontOptions): CloudFront {
  const { iam, place, s3, announce, now = Date.now } = options;
  const controls = new Map<string, OriginAccessControl>();
  const cachePolicies = new Map<string, CachePolicy>();
  const headersPolicies = new Map<string, HeadersPolicy>();
  let deployed: Deployed | undefined;
  const edge = createEdgeServer({ place, s3, announce, deployed: () => deployed });

  const referred = <Value>(known: ReadonlyMap<string, Value>, id: string, kind: string): Value => {
    const found = known.get(id);
    if (found === undefined)
      throw notImplemented(`the ${kind} ${id} of CloudFront, which the program does not declare`);
    return found;
  };
  return {
    putOriginAccessControl: (id, control) => void controls.set(id, control),
    putCachePolicy: (id, policy) => void cachePolicies.set(id, policy),
    putHeadersPolicy: (id, policy) => void headersPolicies.set(id, policy),
    putDistribution: (distribution) => {
      if (deployed !== undefined) throw notImplemented("more than one distribution of CloudFront");
      const { originAccessControlId, cachePolicyId, headersPolicyId } = distribution;
      deployed = {
        distribution,
        cachePolicy: referred(cachePolicies, cachePolicyId, "cache policy"),
        headersPolicy:
          headersPolicyId === undefined
            ? { headers: [] }
            : referred(headersPolicies, headersPolicyId, "response headers policy"),
        signs:
          originAccessControlId !== undefined &&
          referred(controls, originAccessControlId, "origin access control").signs,
        cache: new EdgeCache(now),
      };
    },
    control: createControl({ iam, now, deployed: () => deployed }),
    listen: async (port) => {
      if (deployed !== undefined) await edge.listen(port);
    },
    close: () => edge.close(),
  };
}
