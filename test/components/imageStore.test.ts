import { expect } from "chai";

import { ImageStore } from "../../components/imageStore";
import { declare, type Stack } from "../support/pulumi";

describe("ImageStore", () => {
  let stack: Stack;
  before(async () => {
    stack = await declare(() => new ImageStore("store", { prefix: "", keepData: false }));
  });

  it("lets pages upload and show images only where their origins are named", async () => {
    expect(stack.all("BucketCorsConfiguration")).to.deep.equal([]);
    const allowedOrigins = ["https://a.example"];
    const forPages = await declare(() => new ImageStore("store", { prefix: "", keepData: false, allowedOrigins }));
    for (const [bucket, allowedMethods] of [
      ["snail-temp-images-test", ["POST", "PUT"]],
      ["snail-images-test", ["GET", "HEAD"]],
    ] as const) {
      const rule = { allowedOrigins, allowedMethods, allowedHeaders: ["*"], maxAgeSeconds: 7200 };
      expect(forPages.inputs("BucketCorsConfiguration", `${bucket}-cors`)).to.deep.equal({
        bucket,
        corsRules: [{ ...rule, exposeHeaders: ["ETag", "x-amz-version-id"] }],
      });
    }
  });

  for (const bucket of ["snail-temp-images-test", "snail-images-test"]) {
    describe(bucket, () => {
      it("has a name that tells bucket and stack", () => {
        expect(stack.one("Bucket", bucket).state.bucket).to.match(new RegExp(`^${bucket}-[0-9a-f]{7}$`));
        expect(stack.inputs("Bucket", bucket)).to.deep.equal({ forceDestroy: true });
      });

      it("is closed to the public", () => {
        expect(stack.inputs("BucketPublicAccessBlock", `${bucket}-public-access`)).to.deep.equal({
          bucket,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        });
      });

      it("is encrypted, and knows no ACLs", () => {
        expect(stack.inputs("BucketServerSideEncryptionConfiguration", `${bucket}-encryption`)).to.deep.equal({
          bucket,
          rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
        });
        expect(stack.inputs("BucketOwnershipControls", `${bucket}-ownership`)).to.deep.equal({
          bucket,
          rule: { objectOwnership: "BucketOwnerEnforced" },
        });
      });

      it("refuses every call without TLS", () => {
        expect(stack.inputs("BucketPolicy", `${bucket}-policy`)).to.deep.equal({
          bucket,
          policy: {
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "TlsOnly",
                Effect: "Deny",
                Principal: "*",
                Action: "s3:*",
                Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
                Condition: { Bool: { "aws:SecureTransport": "false" } },
              },
            ],
          },
        });
        expect(stack.dependencies("BucketPolicy", `${bucket}-policy`)).to.include(`${bucket}-public-access`);
      });
    });
  }

  it("keeps versions of uploads only: a deleted image leaves none", () => {
    expect(stack.all("BucketVersioning").map(({ name }) => stack.inputs("BucketVersioning", name))).to.deep.equal([
      { bucket: "snail-temp-images-test", versioningConfiguration: { status: "Enabled" } },
    ]);
  });

  it("keeps an upload for longer than its message can be redriven", () => {
    expect(stack.inputs("BucketLifecycleConfiguration", "snail-temp-images-test-lifecycle")).to.deep.equal({
      bucket: "snail-temp-images-test",
      rules: [
        {
          id: "expire-uploads",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { days: 30 },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        {
          id: "expire-delete-markers",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { expiredObjectDeleteMarker: true },
        },
      ],
    });
    expect(stack.dependencies("BucketLifecycleConfiguration", "snail-temp-images-test-lifecycle")).to.include(
      "snail-temp-images-test-versioning",
    );
  });

  it("never expires an image", () => {
    expect(stack.inputs("BucketLifecycleConfiguration", "snail-images-test-lifecycle")).to.deep.equal({
      bucket: "snail-images-test",
      rules: [
        {
          id: "clean-up",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 1 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    });
  });

  it("has a table by name and image type, which can be restored and forgets deleted records", () => {
    expect(stack.inputs("Table", "ImageMetadata")).to.deep.equal({
      attributes: [
        { name: "original", type: "S" },
        { name: "imageType", type: "S" },
        { name: "statusShard", type: "S" },
        { name: "listPosition", type: "S" },
      ],
      hashKey: "original",
      rangeKey: "imageType",
      globalSecondaryIndexes: [
        {
          name: "byStatusShard",
          hashKey: "statusShard",
          rangeKey: "listPosition",
          projectionType: "INCLUDE",
          nonKeyAttributes: [
            ...["id", "status", "live", "generation", "format", "bytes", "width", "height", "createdAt", "updatedAt"],
            ...["uploadedAt", "reason", "sequencer", "rejectedSequencer", "rejectedReason", "metadata", "focus"],
            ...["placeholder", "dominantColour"],
          ],
        },
      ],
      billingMode: "PAY_PER_REQUEST",
      deletionProtectionEnabled: false,
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      ttl: { attributeName: "expiresAt", enabled: true },
      streamEnabled: true,
      streamViewType: "NEW_AND_OLD_IMAGES",
    });
  });

  it("protects buckets and table where data is kept, and nothing else", async () => {
    const kept = await declare(() => new ImageStore("store", { prefix: "", keepData: true }));
    expect(kept.resources.filter(({ protect }) => protect).map(({ name }) => name)).to.have.members([
      "snail-temp-images-test",
      "snail-images-test",
      "ImageMetadata",
    ]);
    expect(kept.one("Bucket", "snail-images-test").given.forceDestroy).to.equal(false);
    expect(kept.one("Bucket", "snail-temp-images-test").given.forceDestroy).to.equal(false);
    expect(kept.one("Table").given.deletionProtectionEnabled).to.equal(true);
    expect(stack.resources.some(({ protect }) => protect)).to.equal(false);
  });

  it("is the ancestor of everything it declares", () => {
    for (const resource of stack.resources.filter(({ name }) => name !== "store")) {
      expect(stack.ancestors(resource).at(-1), resource.name).to.equal("ImageStore store");
    }
  });
});
