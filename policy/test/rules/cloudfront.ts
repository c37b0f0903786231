import { both, policy, resource, set, without, type Fixture } from "../fixture";

const arn = "arn:aws:cloudfront::111111111111:distribution/D";
const domainName = "photos.s3.eu-west-1.amazonaws.com";
const distribution = (inputs: Record<string, unknown>) =>
  resource("aws:cloudfront/distribution:Distribution", "delivery", inputs, { outputs: { arn } });
const grant = {
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::photos/*",
  Condition: { StringEquals: { "aws:SourceArn": arn } },
};
const behaviour = { viewerProtocolPolicy: "redirect-to-https", responseHeadersPolicyId: "headers-id" };
const custom = { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] };

/** Fixtures of the rules about CloudFront, by the rule's name. */
export const cloudfront: Record<string, Fixture> = {
  "cloudfront-origin-access": {
    good: [
      distribution({ origins: [{ domainName, originAccessControlId: "oac" }] }),
      resource(
        "aws:s3/bucket:Bucket",
        "photos",
        { bucket: "photos" },
        {
          outputs: { bucketRegionalDomainName: domainName },
        },
      ),
      resource("aws:s3/bucketPolicy:BucketPolicy", "policy", { bucket: "photos", policy: policy(grant) }),
    ],
    bad: {
      "without origin access control": set("delivery", "origins.0.originAccessControlId", undefined),
      "with an origin access identity": both(
        set("delivery", "origins.0.originAccessControlId", undefined),
        set("delivery", "origins.0.s3OriginConfig", { originAccessIdentity: "origin-access-identity/cloudfront/E" }),
      ),
      "without a bucket policy": without("policy"),
      "for any distribution": set("policy", "policy", policy({ ...grant, Condition: undefined })),
      "for another distribution": set(
        "policy",
        "policy",
        policy({ ...grant, Condition: { StringEquals: { "aws:SourceArn": `${arn}2` } } }),
      ),
    },
    fine: {
      "with an origin that is not a bucket": set("delivery", "origins.0", {
        domainName: "example.com",
        customOriginConfig: custom,
      }),
    },
  },
  "cloudfront-https": {
    good: [
      distribution({
        defaultCacheBehavior: behaviour,
        orderedCacheBehaviors: [behaviour],
        origins: [{ domainName }, { domainName: "example.com", customOriginConfig: custom }],
      }),
    ],
    bad: {
      "with plain HTTP": set("delivery", "defaultCacheBehavior.viewerProtocolPolicy", "allow-all"),
      "with plain HTTP on one path": set("delivery", "orderedCacheBehaviors.0.viewerProtocolPolicy", "allow-all"),
      "with plain HTTP to an origin": set(
        "delivery",
        "origins.1.customOriginConfig.originProtocolPolicy",
        "match-viewer",
      ),
      "with old TLS to an origin": set("delivery", "origins.1.customOriginConfig.originSslProtocols", [
        "TLSv1",
        "TLSv1.2",
      ]),
    },
  },
  "cloudfront-tls": {
    good: [
      distribution({ viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021", sslSupportMethod: "sni-only" } }),
    ],
    bad: {
      "with older ciphers": set("delivery", "viewerCertificate.minimumProtocolVersion", "TLSv1.2_2019"),
      "without a version": set("delivery", "viewerCertificate.minimumProtocolVersion", undefined),
      "with the default certificate": set("delivery", "viewerCertificate", { cloudfrontDefaultCertificate: true }),
      "with an address of its own": set("delivery", "viewerCertificate.sslSupportMethod", "vip"),
    },
  },
  "cloudfront-response-headers": {
    good: [
      distribution({ defaultCacheBehavior: behaviour, orderedCacheBehaviors: [behaviour] }),
      resource(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        "headers",
        {
          securityHeadersConfig: {
            contentTypeOptions: { override: true },
            contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'", override: true },
          },
        },
        { id: "headers-id" },
      ),
    ],
    bad: {
      "without headers": set("delivery", "defaultCacheBehavior.responseHeadersPolicyId", undefined),
      "without headers on one path": set("delivery", "orderedCacheBehaviors.0.responseHeadersPolicyId", undefined),
      "without nosniff": set("headers", "securityHeadersConfig.contentTypeOptions", undefined),
      "without a content security policy": set("headers", "securityHeadersConfig.contentSecurityPolicy", undefined),
    },
  },
};
