import { expect } from "chai";

import { DeletePipeline } from "../../components/deletePipeline";
import { ImageQueries } from "../../components/imageQueries";
import { ImageStore, type ImageStoreArgs } from "../../components/imageStore";
import { functions } from "../support/functions";
import { declare, type Stack } from "../support/pulumi";

describe("ImageDelivery", () => {
  const withStore = (args: Omit<ImageStoreArgs, "keepData">): Promise<Stack> =>
    declare(() => {
      const store = new ImageStore("store", { prefix: "", keepData: false, ...args });
      new ImageQueries("queries", { prefix: "", store, functions });
      const maximumConcurrency = { ResolutionBasedImageDeleteProcess: 2 };
      new DeletePipeline("deletions", { prefix: "", store, functions, maximumConcurrency });
    });
  let stack: Stack;
  let arn: unknown;
  before(async () => {
    stack = await withStore({ delivery: {} });
    ({ arn } = stack.one("Distribution").state);
  });

  it("is not there by default", async () => {
    const presigned = await withStore({});
    expect(presigned.resources.filter(({ type }) => type.includes("cloudfront"))).to.deep.equal([]);
    const variables = presigned.all("Function").map(({ given }) => JSON.stringify(given.environment));
    expect(variables.join()).not.to.match(/DELIVERY_URL|DISTRIBUTION_ID/);
    expect(
      presigned.all("RolePolicy").filter(({ given }) => String(given.policy).includes("cloudfront")),
    ).to.deep.equal([]);
  });

  it("signs every request to the bucket, and serves GET and HEAD over HTTPS alone", () => {
    expect(arn).to.match(/^arn:aws:cloudfront::123456789012:distribution\/E[0-9A-Z]{13}$/);
    expect(stack.inputs("OriginAccessControl")).to.deep.equal({
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    expect(stack.inputs("Distribution")).to.deep.equal({
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      origins: [
        {
          originId: "images",
          domainName: "snail-images-test.s3.eu-west-1.amazonaws.com",
          originAccessControlId: stack.one("OriginAccessControl").id,
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "images",
        viewerProtocolPolicy: "https-only",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        cachePolicyId: stack.one("CachePolicy").id,
        responseHeadersPolicyId: stack.one("ResponseHeadersPolicy").id,
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    expect(stack.ancestors(stack.one("Distribution"))).to.deep.equal([
      "ImageDelivery ImageDelivery",
      "ImageStore store",
    ]);
  });

  it("keeps an object under its path alone, for as long as the object says", () => {
    expect(stack.inputs("CachePolicy")).to.deep.equal({
      minTtl: 0,
      defaultTtl: 31_536_000,
      maxTtl: 31_536_000,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
      },
    });
  });

  it("adds headers with which nothing in an image can run, and those for pages where origins are allowed", async () => {
    const securityHeadersConfig = {
      contentTypeOptions: { override: true },
      contentSecurityPolicy: {
        contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'; sandbox",
        override: true,
      },
      strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, override: true },
    };
    expect(stack.inputs("ResponseHeadersPolicy")).to.deep.equal({ securityHeadersConfig });
    const allowedOrigins = ["https://a.example"];
    const forPages = await withStore({ delivery: {}, allowedOrigins });
    expect(forPages.inputs("ResponseHeadersPolicy")).to.deep.equal({
      securityHeadersConfig,
      corsConfig: {
        accessControlAllowCredentials: false,
        accessControlAllowHeaders: { items: ["*"] },
        accessControlAllowMethods: { items: ["GET", "HEAD"] },
        accessControlAllowOrigins: { items: allowedOrigins },
        accessControlExposeHeaders: { items: ["ETag"] },
        originOverride: true,
      },
    });
  });

  it("takes a domain of the service's own with its certificate and TLS 1.2", async () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/c";
    const own = await withStore({ delivery: { domain: { name: "images.example.com", certificateArn } } });
    expect(own.inputs("Distribution")).to.deep.include({
      aliases: ["images.example.com"],
      viewerCertificate: {
        acmCertificateArn: certificateArn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
    });
    expect(variablesOf(own, "RawImageGetProcess")).to.include({ DELIVERY_URL: "https://images.example.com" });
  });

  it("alone reads the bucket, renditions of every image type and no original", () => {
    const { policy } = stack.inputs("BucketPolicy", "snail-images-test-policy") as { policy: { Statement: unknown[] } };
    const principal = { Principal: { Service: "cloudfront.amazonaws.com" }, Action: "s3:GetObject" };
    expect(policy.Statement.slice(1)).to.deep.equal([
      {
        Sid: "Delivery",
        Effect: "Allow",
        ...principal,
        Resource: "arn:aws:s3:::snail-images-test/*",
        Condition: { StringEquals: { "aws:SourceArn": arn } },
      },
      { Sid: "NoOriginals", Effect: "Deny", ...principal, Resource: "arn:aws:s3:::snail-images-test/raw/*" },
    ]);
    const temp = stack.inputs("BucketPolicy", "snail-temp-images-test-policy") as { policy: { Statement: unknown[] } };
    expect(temp.policy.Statement).to.have.length(1);
  });

  it("takes the right to read images from RawImageGetProcess and RawImageListProcess, which sign no URLs", () => {
    expect(Object.keys(stack.policies("RawImageListProcess-role"))).to.deep.equal([
      "FunctionLogsPolicy",
      "ImageMetadataDynamoDBBasicPolicy",
      "XRayPolicy",
    ]);
    expect(variablesOf(stack, "RawImageListProcess").IMAGES_BUCKET).to.equal(undefined);
    expect(Object.keys(stack.policies("RawImageGetProcess-role"))).to.deep.equal([
      "FunctionLogsPolicy",
      "ImageMetadataDynamoDBBasicPolicy",
      "SnailTempImagesListPolicy",
      "XRayPolicy",
    ]);
    const { DELIVERY_URL, IMAGES_BUCKET } = variablesOf(stack, "RawImageGetProcess");
    expect(DELIVERY_URL).to.match(/^https:\/\/de[0-9a-z]{13}\.cloudfront\.net$/);
    expect(IMAGES_BUCKET).to.equal(undefined);
  });

  it("lets ResolutionBasedImageDeleteProcess invalidate in this distribution alone", () => {
    const { ImageDeliveryInvalidatePolicy } = stack.policies("ResolutionBasedImageDeleteProcess-role");
    expect(ImageDeliveryInvalidatePolicy).to.deep.equal([
      { Effect: "Allow", Action: ["cloudfront:CreateInvalidation"], Resource: arn },
    ]);
    expect(variablesOf(stack, "ResolutionBasedImageDeleteProcess")).to.include({
      DISTRIBUTION_ID: stack.one("Distribution").id,
    });
  });
});

const variablesOf = (stack: Stack, name: string): Record<string, unknown> =>
  (stack.inputs("Function", name) as { environment: { variables: Record<string, unknown> } }).environment.variables;
