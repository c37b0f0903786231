import { notImplemented } from "../http/awsError";
import type { Declared, Inputs } from "../resourceType";
import type { CachePolicy, Distribution, HeadersPolicy, OriginAccessControl } from "./types";

/** Reads declared properties, and refuses by name what is not understood. */
class Reader {
  constructor(
    private readonly resource: Pick<Declared, "type" | "name">,
    private readonly path: string,
    private readonly value: Inputs,
    known: readonly string[],
  ) {
    const other = Object.keys(value).find((key) => value[key] !== undefined && !known.includes(key));
    if (other !== undefined) throw this.refusal(other);
  }

  refusal(key: string, value?: unknown): Error {
    const told = value === undefined ? "" : ` ${JSON.stringify(value)}`;
    return notImplemented(`${this.path}${key}${told} of ${this.resource.type} ${this.resource.name}`);
  }

  /** An object in it, with these properties; empty where it is absent. */
  group(key: string, known: readonly string[]): Reader {
    return new Reader(this.resource, `${this.path}${key}.`, (this.value[key] ?? {}) as Inputs, known);
  }

  /** The objects of a list. */
  groups(key: string, known: readonly string[]): Reader[] {
    const list = (this.value[key] ?? []) as Inputs[];
    return list.map((value, at) => new Reader(this.resource, `${this.path}${key}.${at}.`, value, known));
  }

  has(key: string): boolean {
    return this.value[key] !== undefined;
  }

  text(key: string): string {
    return this.value[key] as string;
  }

  number(key: string): number {
    return this.value[key] as number;
  }

  flag(key: string): boolean {
    return this.value[key] === true;
  }

  texts(key: string): string[] {
    return (this.value[key] ?? []) as string[];
  }

  /** Refuses every other value. */
  only(key: string, ...values: unknown[]): void {
    if (!values.includes(this.value[key])) throw this.refusal(key, this.value[key]);
  }
}

const readerOf = (resource: Declared): Reader => new Reader(resource, "", resource.state, Object.keys(resource.state));

export function originAccessControlOf(resource: Declared): OriginAccessControl {
  const reader = readerOf(resource);
  reader.only("originAccessControlOriginType", "s3");
  reader.only("signingProtocol", "sigv4");
  reader.only("signingBehavior", "always", "never");
  return { signs: reader.text("signingBehavior") === "always" };
}

export function cachePolicyOf(resource: Declared): CachePolicy {
  const reader = readerOf(resource);
  const key = reader.group("parametersInCacheKeyAndForwardedToOrigin", [
    ...["cookiesConfig", "headersConfig", "queryStringsConfig"],
    ...["enableAcceptEncodingBrotli", "enableAcceptEncodingGzip"],
  ]);
  for (const [config, behavior] of [
    ["cookiesConfig", "cookieBehavior"],
    ["headersConfig", "headerBehavior"],
    ["queryStringsConfig", "queryStringBehavior"],
  ] as const)
    key.group(config, [behavior]).only(behavior, "none");
  key.only("enableAcceptEncodingBrotli", undefined, false);
  key.only("enableAcceptEncodingGzip", undefined, false);
  return {
    minSeconds: reader.number("minTtl"),
    defaultSeconds: reader.number("defaultTtl"),
    maxSeconds: reader.number("maxTtl"),
  };
}

export function headersPolicyOf(resource: Declared): HeadersPolicy {
  const reader = readerOf(resource);
  const security = reader.group("securityHeadersConfig", [
    ...["contentSecurityPolicy", "contentTypeOptions", "strictTransportSecurity"],
  ]);
  const headers: HeadersPolicy["headers"] = [];
  const add = (name: string, value: string, group: Reader): void =>
    void headers.push({ name, value, overrides: group.flag("override") });
  if (security.has("contentTypeOptions")) {
    add("x-content-type-options", "nosniff", security.group("contentTypeOptions", ["override"]));
  }
  if (security.has("contentSecurityPolicy")) {
    const group = security.group("contentSecurityPolicy", ["contentSecurityPolicy", "override"]);
    add("content-security-policy", group.text("contentSecurityPolicy"), group);
  }
  if (security.has("strictTransportSecurity")) {
    const group = security.group("strictTransportSecurity", ["accessControlMaxAgeSec", "override"]);
    add("strict-transport-security", `max-age=${group.number("accessControlMaxAgeSec")}`, group);
  }
  return { headers, ...(reader.has("corsConfig") && { cors: corsOf(reader) }) };
}

function corsOf(reader: Reader): HeadersPolicy["cors"] {
  const cors = reader.group("corsConfig", [
    ...["accessControlAllowCredentials", "accessControlAllowHeaders", "accessControlAllowMethods"],
    ...["accessControlAllowOrigins", "accessControlExposeHeaders", "accessControlMaxAgeSec", "originOverride"],
  ]);
  cors.only("accessControlAllowCredentials", false);
  const items = (key: string): string[] => cors.group(key, ["items"]).texts("items");
  return {
    origins: items("accessControlAllowOrigins"),
    exposed: items("accessControlExposeHeaders"),
    overrides: cors.flag("originOverride"),
  };
}

export function distributionOf(resource: Declared): Distribution {
  const reader = readerOf(resource);
  reader
    .group("restrictions", ["geoRestriction"])
    .group("geoRestriction", ["restrictionType"])
    .only("restrictionType", "none");
  const behavior = reader.group("defaultCacheBehavior", [
    ...["allowedMethods", "cachedMethods", "cachePolicyId", "compress", "responseHeadersPolicyId"],
    ...["targetOriginId", "viewerProtocolPolicy"],
  ]);
  behavior.only("compress", undefined, false);
  behavior.only("viewerProtocolPolicy", "https-only", "redirect-to-https", "allow-all");
  const target = reader
    .groups("origins", ["domainName", "originAccessControlId", "originId"])
    .find((origin) => origin.text("originId") === behavior.text("targetOriginId"));
  const [, bucket] = /^([a-z0-9.-]+?)\.s3\.[a-z0-9-]+\.amazonaws\.com$/.exec(target?.text("domainName") ?? "") ?? [];
  if (target === undefined || bucket === undefined) throw reader.refusal("origins", target?.text("domainName") ?? []);
  return {
    id: resource.id,
    arn: String(resource.state.arn),
    enabled: reader.flag("enabled"),
    bucket,
    ...(target.has("originAccessControlId") && { originAccessControlId: target.text("originAccessControlId") }),
    allowedMethods: behavior.texts("allowedMethods"),
    cachePolicyId: behavior.text("cachePolicyId"),
    ...(behavior.has("responseHeadersPolicyId") && { headersPolicyId: behavior.text("responseHeadersPolicyId") }),
  };
}
