import { createHash } from "node:crypto";
import type { ResourceType } from "../resourceType";
import type { CloudFrontAdmin } from "./cloudFront";
import { cachePolicyOf, distributionOf, headersPolicyOf, originAccessControlOf } from "./declarations";

interface Services {
  cloudfront: CloudFrontAdmin;
}

/** An id as CloudFront gives them: a letter for the kind, and 13 capital letters and digits. */
const idOf = (letter: string, text: string): string =>
  letter +
  BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)
    .toString(36)
    .slice(0, 13)
    .toUpperCase();

/** CloudFront's own zone, the same for every distribution (cloudfront-dns in the general reference). */
const HOSTED_ZONE = "Z2FDTNDATAQYW2";

/** CloudFront: distributions in front of buckets, and what they refer to. */
export const cloudfrontResourceTypes: Record<string, ResourceType<Services>> = {
  "aws:cloudfront/originAccessControl:OriginAccessControl": {
    properties: ["description", "name", "originAccessControlOriginType", "signingBehavior", "signingProtocol"],
    autoname: { property: "name", maxLength: 64 },
    replaceOn: ["name"],
    defaults: { description: "Managed by Pulumi" },
    outputs: ({ name, inputs, place }) => {
      const id = idOf("E", `${name} ${inputs.name as string}`);
      return { id, arn: `arn:${place.partition}:cloudfront::${place.accountId}:origin-access-control/${id}` };
    },
    apply: ({ cloudfront }, resource) =>
      cloudfront.putOriginAccessControl(resource.id, originAccessControlOf(resource)),
  },
  "aws:cloudfront/cachePolicy:CachePolicy": {
    properties: ["comment", "defaultTtl", "maxTtl", "minTtl", "name", "parametersInCacheKeyAndForwardedToOrigin"],
    autoname: { property: "name", maxLength: 128 },
    replaceOn: ["name"],
    defaults: { defaultTtl: 86_400, maxTtl: 31_536_000, minTtl: 0 },
    outputs: ({ name, inputs, place }) => {
      const id = idOf("C", `${name} ${inputs.name as string}`);
      return { id, arn: `arn:${place.partition}:cloudfront::${place.accountId}:cache-policy/${id}` };
    },
    apply: ({ cloudfront }, resource) => cloudfront.putCachePolicy(resource.id, cachePolicyOf(resource)),
  },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
    properties: ["comment", "corsConfig", "name", "securityHeadersConfig"],
    autoname: { property: "name", maxLength: 128 },
    replaceOn: ["name"],
    outputs: ({ name, inputs, place }) => {
      const id = idOf("R", `${name} ${inputs.name as string}`);
      return { id, arn: `arn:${place.partition}:cloudfront::${place.accountId}:response-headers-policy/${id}` };
    },
    apply: ({ cloudfront }, resource) => cloudfront.putHeadersPolicy(resource.id, headersPolicyOf(resource)),
  },
  "aws:cloudfront/distribution:Distribution": {
    properties: [
      ...["aliases", "comment", "defaultCacheBehavior", "enabled", "httpVersion", "isIpv6Enabled", "origins"],
      ...["priceClass", "restrictions", "tags", "viewerCertificate", "waitForDeployment"],
    ],
    replaceOn: [],
    defaults: { httpVersion: "http2", isIpv6Enabled: false, priceClass: "PriceClass_All", waitForDeployment: true },
    outputs: ({ name, place }) => {
      const id = idOf("E", name);
      const served = place.edgeUrl === undefined ? undefined : new URL(place.edgeUrl).host;
      return {
        id,
        arn: `arn:${place.partition}:cloudfront::${place.accountId}:distribution/${id}`,
        domainName: served ?? `d${id.toLowerCase()}.cloudfront.net`,
        hostedZoneId: HOSTED_ZONE,
        status: "Deployed",
      };
    },
    apply: ({ cloudfront }, resource) => cloudfront.putDistribution(distributionOf(resource)),
  },
};
