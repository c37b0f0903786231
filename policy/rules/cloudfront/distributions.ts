import { BUCKET, BUCKET_POLICY, DISTRIBUTION } from "../../model/awsTypes";
import type { Graph } from "../../model/graph";
import { grantsOn } from "../../model/policies";
import { parts, read, readFlag, readList, readText } from "../../model/read";
import { NotKnown, type Resource } from "../../model/resource";
import { oneByOne } from "../oneByOne";
import { rule } from "../rule";

const common = { group: "CloudFront", level: "mandatory", types: [DISTRIBUTION] } as const;

/** The default behaviour of a distribution and those of its paths, with their place. */
const behaviours = (distribution: Resource): [path: string, behaviour: Resource][] =>
  ["defaultCacheBehavior", "orderedCacheBehaviors"].flatMap((list) =>
    parts(distribution, list).map((behaviour, at): [string, Resource] => [
      list === "defaultCacheBehavior" ? list : `${list}.${at}`,
      behaviour,
    ]),
  );

const isS3 = (origin: Resource): boolean =>
  read(origin, "customOriginConfig") === undefined &&
  /\.s3[.-][\w.-]*amazonaws\.com/.test(readText(origin, "domainName") ?? "");

export const originAccess = rule({
  ...common,
  name: "cloudfront-origin-access",
  ids: ["CloudFront.13", "NAG-CFR7"],
  title: "A distribution reads a bucket by origin access control, and the bucket's policy names it",
  reason: "The bucket would have to be public, or any distribution could read it.",
  remedy:
    "Set originAccessControlId, and allow cloudfront.amazonaws.com s3:GetObject where aws:SourceArn is the distribution.",
  reads: "graph",
  *check(distribution, graph) {
    yield* oneByOne(parts(distribution, "origins").entries(), function* ([at, origin]) {
      const path = `origins.${at}`;
      const bucket = graph.target(distribution, `${path}.domainName`, BUCKET);
      if (!bucket && !isS3(origin)) return;
      if (bucket && !isNamed(graph, distribution, bucket))
        yield {
          property: "policy",
          value: `without a grant to ${distribution.name} alone`,
          allowed: "an Allow of cloudfront.amazonaws.com with aws:SourceArn of the distribution",
          on: bucket,
        };
      if (readText(origin, "originAccessControlId") === undefined)
        yield {
          property: `${path}.originAccessControlId`,
          allowed: "an origin access control (an identity is its predecessor)",
        };
    });
  },
});

/** Whether the bucket's policy lets CloudFront read for this distribution alone. */
const isNamed = (graph: Graph, { outputs: { arn } }: Resource, bucket: Resource): boolean =>
  grantsOn(graph, bucket, [BUCKET_POLICY, "bucket"]).some(
    ({ effect, principals, conditions }) =>
      effect === "Allow" &&
      principals.some(({ value }) => value === "cloudfront.amazonaws.com") &&
      conditions.some(
        ({ key, values }) => key.toLowerCase() === "aws:sourcearn" && values.every((value) => value === arn),
      ),
  );

export const https = rule({
  ...common,
  name: "cloudfront-https",
  ids: ["CloudFront.3", "CloudFront.10", "NAG-CFR5"],
  title: "A distribution speaks HTTPS only, with viewers and origins",
  reason: "Over plain HTTP, content and cookies can be read and changed on the way.",
  remedy:
    "Set viewerProtocolPolicy to redirect-to-https or https-only; for a custom origin originProtocolPolicy https-only and originSslProtocols TLSv1.2.",
  reads: "resource",
  *check(distribution) {
    yield* oneByOne(behaviours(distribution), function* ([path, behaviour]) {
      const value = readText(behaviour, "viewerProtocolPolicy");
      if (!["redirect-to-https", "https-only"].includes(value ?? ""))
        yield { property: `${path}.viewerProtocolPolicy`, value, allowed: "redirect-to-https or https-only" };
    });
    for (const [at, origin] of parts(distribution, "origins").entries()) {
      if (read(origin, "customOriginConfig") === undefined) continue;
      const property = `origins.${at}.customOriginConfig`;
      const value = readText(origin, "customOriginConfig.originProtocolPolicy");
      if (value !== "https-only") yield { property: `${property}.originProtocolPolicy`, value, allowed: "https-only" };
      const old = readList(origin, "customOriginConfig.originSslProtocols").filter((each) => each !== "TLSv1.2");
      if (old.length > 0) yield { property: `${property}.originSslProtocols`, value: old, allowed: "TLSv1.2" };
    }
  },
});

export const tls = rule({
  ...common,
  name: "cloudfront-tls",
  ids: ["CloudFront.8", "NAG-CFR4"],
  title: "A distribution refuses viewers with TLS below 1.2",
  reason: "Older versions of TLS and their ciphers can be broken; the default certificate allows TLS 1.0.",
  remedy: "Use an own certificate with sslSupportMethod sni-only and minimumProtocolVersion TLSv1.2_2021.",
  reads: "resource",
  settings: {
    allowedVersions: {
      type: "array",
      items: { type: "string" },
      default: ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"],
      description: "Values of minimumProtocolVersion that may be used",
    },
  },
  *check(distribution, _, { allowedVersions }) {
    const property = "viewerCertificate.minimumProtocolVersion";
    const isDefault = readFlag(distribution, "viewerCertificate.cloudfrontDefaultCertificate");
    const value = isDefault ? "that of the default certificate" : readText(distribution, property);
    if (value === undefined || !allowedVersions.includes(value))
      yield { property, value, allowed: allowedVersions.join(", ") };
    const method = readText(distribution, "viewerCertificate.sslSupportMethod");
    if (!isDefault && method !== "sni-only")
      yield { property: "viewerCertificate.sslSupportMethod", value: method, allowed: "sni-only" };
  },
});

export const responseHeaders = rule({
  ...common,
  name: "cloudfront-response-headers",
  ids: ["CKV2_AWS_32"],
  title: "A distribution adds security headers to every answer",
  reason: "A browser could take an image for a script, or run one that is hidden in it.",
  remedy:
    "Set responseHeadersPolicyId to a policy with contentTypeOptions (nosniff) and contentSecurityPolicy, both with override.",
  reads: "graph",
  *check(distribution, graph) {
    yield* oneByOne(behaviours(distribution), function* ([path]) {
      const property = `${path}.responseHeadersPolicyId`;
      const policy = graph.target(distribution, property, "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy");
      if (!policy && readText(distribution, property) === undefined) {
        yield { property, allowed: "a response headers policy" };
        return;
      }
      if (!policy) throw new NotKnown(distribution, property, "not part of this stack");
      const headers = "securityHeadersConfig";
      if (!readFlag(policy, `${headers}.contentTypeOptions.override`))
        yield { property: `${headers}.contentTypeOptions`, allowed: "set, with override", on: policy };
      if (readText(policy, `${headers}.contentSecurityPolicy.contentSecurityPolicy`) === undefined)
        yield { property: `${headers}.contentSecurityPolicy`, allowed: "a policy", on: policy };
    });
  },
});
