import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AllowedOrigins } from "./allowedOrigins";

/** How renditions reach viewers through CloudFront. */
export interface Delivery {
  /** The service's own name for it, with a certificate of us-east-1. Default: CloudFront's name and certificate. */
  domain?: { name: string; certificateArn: string };
}

export interface ImageDeliveryArgs extends Delivery, AllowedOrigins {
  /** Holds the renditions. Its policy must have `bucketStatements`. */
  bucket: Pick<aws.s3.Bucket, "arn" | "bucketRegionalDomainName">;
}

/**
 * A CloudFront distribution that serves renditions, and never originals.
 *
 * @example
 * ```ts
 * const delivery = new ImageDelivery("delivery", { bucket });
 * ```
 */
export class ImageDelivery extends pulumi.ComponentResource {
  readonly distribution: aws.cloudfront.Distribution;
  /** Its address, without a path: `https://d111111abcdef8.cloudfront.net`. */
  readonly url: pulumi.Output<string>;
  /** Statements of the bucket's policy that let this distribution alone read renditions of every image type, and no original. */
  readonly bucketStatements: object[];

  constructor(name: string, args: ImageDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImageDelivery", name, {}, opts);
    const child = { parent: this };
    const { bucket, domain } = args;

    const accessControl = new aws.cloudfront.OriginAccessControl(
      `${name}-access`,
      { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
      child,
    );
    const cachePolicy = new aws.cloudfront.CachePolicy(
      `${name}-cache`,
      {
        // Objects never change, and say so themselves.
        minTtl: 0,
        defaultTtl: YEAR,
        maxTtl: YEAR,
        // The path alone: no other request for an object makes a second copy, which an invalidation would have to name.
        parametersInCacheKeyAndForwardedToOrigin: {
          cookiesConfig: { cookieBehavior: "none" },
          headersConfig: { headerBehavior: "none" },
          queryStringsConfig: { queryStringBehavior: "none" },
        },
      },
      child,
    );
    const headers = new aws.cloudfront.ResponseHeadersPolicy(
      `${name}-headers`,
      {
        securityHeadersConfig: {
          contentTypeOptions: { override: true },
          contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override: true },
          strictTransportSecurity: { accessControlMaxAgeSec: YEAR, override: true },
        },
        ...cors(args),
      },
      child,
    );
    this.distribution = new aws.cloudfront.Distribution(
      name,
      {
        enabled: true,
        isIpv6Enabled: true,
        httpVersion: "http2and3",
        ...(domain && { aliases: [domain.name] }),
        origins: [
          {
            originId: ORIGIN,
            domainName: bucket.bucketRegionalDomainName,
            originAccessControlId: accessControl.id,
          },
        ],
        defaultCacheBehavior: {
          targetOriginId: ORIGIN,
          viewerProtocolPolicy: "https-only",
          allowedMethods: ["GET", "HEAD"],
          cachedMethods: ["GET", "HEAD"],
          cachePolicyId: cachePolicy.id,
          responseHeadersPolicyId: headers.id,
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        viewerCertificate: domain
          ? {
              acmCertificateArn: domain.certificateArn,
              sslSupportMethod: "sni-only",
              minimumProtocolVersion: "TLSv1.2_2021",
            }
          : { cloudfrontDefaultCertificate: true },
      },
      child,
    );

    this.url = domain ? pulumi.output(`https://${domain.name}`) : this.distribution.domainName.apply(addressOf);
    this.bucketStatements = statements(bucket, this.distribution);
    this.registerOutputs({ distribution: this.distribution.id, url: this.url });
  }
}

const ORIGIN = "images";
const YEAR = 365 * 24 * 60 * 60;
/** An image that is opened on its own runs and loads nothing, and has no origin of its own. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** CloudFront's names have no port: one with a port is that of the local run, which serves without TLS. */
const addressOf = (domainName: string): string => `${/:\d+$/.test(domainName) ? "http" : "https"}://${domainName}`;

function statements({ arn }: Pick<aws.s3.Bucket, "arn">, distribution: aws.cloudfront.Distribution): object[] {
  const Principal = { Service: "cloudfront.amazonaws.com" };
  const Action = "s3:GetObject";
  const Condition = { StringEquals: { "aws:SourceArn": distribution.arn } };
  return [
    // Image types that are not configured any more are served as long as there are renditions of them.
    { Sid: "Delivery", Effect: "Allow", Principal, Action, Resource: pulumi.interpolate`${arn}/*`, Condition },
    { Sid: "NoOriginals", Effect: "Deny", Principal, Action, Resource: pulumi.interpolate`${arn}/raw/*` },
  ];
}

/** Pages that read images by `fetch`. A GET asks nothing before it, so that OPTIONS is not allowed. */
function cors({ allowedOrigins = [] }: AllowedOrigins): Pick<aws.cloudfront.ResponseHeadersPolicyArgs, "corsConfig"> {
  if (allowedOrigins.length === 0) return {};
  return {
    corsConfig: {
      accessControlAllowCredentials: false,
      accessControlAllowHeaders: { items: ["*"] },
      accessControlAllowMethods: { items: ["GET", "HEAD"] },
      accessControlAllowOrigins: { items: [...allowedOrigins] },
      accessControlExposeHeaders: { items: ["ETag"] },
      originOverride: true,
    },
  };
}
