import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Inputs } from "../../resourceType";
import { s3ResourceTypes } from "../../s3/resources";
import { testPlace } from "../support/aws";
import { code, startS3, type TestS3 } from "./support";
import { stateOf } from "../support/stateOf";

const Bucket = "photos-1234567";
const token = (type: string): string => `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;
const typeOf = (type: string) => s3ResourceTypes[token(type)]!;

describe("S3 resource types", () => {
  describe("outputs", () => {
    const outputs = (type: string, inputs: Inputs): Inputs =>
      stateOf(s3ResourceTypes, token(type), { name: "logical", inputs, place: testPlace() });

    it("gives a bucket its ARN and domain names", () => {
      expect(outputs("Bucket", { bucket: Bucket, forceDestroy: true, tags: { a: "b" } })).to.deep.equal({
        id: Bucket,
        bucket: Bucket,
        arn: `arn:aws:s3:::${Bucket}`,
        bucketDomainName: `${Bucket}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${Bucket}.s3.eu-central-1.amazonaws.com`,
        bucketRegion: "eu-central-1",
        bucketNamespace: "global",
        bucketPrefix: "",
        region: "eu-central-1",
        hostedZoneId: "Z21DNDUVLTQW6Q",
        forceDestroy: true,
        objectLockEnabled: false,
        requestPayer: "BucketOwner",
        tags: { a: "b" },
        tagsAll: { a: "b" },
      });
    });

    it("gives a bucket's settings the bucket's name as id", () => {
      expect(outputs("BucketPublicAccessBlock", { bucket: Bucket, blockPublicAcls: true })).to.deep.equal({
        id: Bucket,
        bucket: Bucket,
        region: "eu-central-1",
        blockPublicAcls: true,
        ignorePublicAcls: false,
        blockPublicPolicy: false,
        restrictPublicBuckets: false,
      });
      for (const [type, definition] of Object.entries(s3ResourceTypes)) {
        expect(
          stateOf(s3ResourceTypes, type, { name: "n", inputs: { bucket: Bucket }, place: testPlace() }).id,
          type,
        ).to.equal(Bucket);
        expect(definition.properties, type).to.include("bucket");
        expect(definition.replaceOn, type).to.include("bucket");
      }
    });

    it("names buckets within S3's 63 characters", () => {
      expect(typeOf("Bucket").autoname).to.deep.equal({
        property: "bucket",
        maxLength: 63,
        prefixProperty: "bucketPrefix",
      });
    });
  });

  describe("apply", () => {
    let aws: TestS3;
    let s3: S3Client;
    beforeEach(async () => {
      aws = await startS3();
      s3 = aws.s3();
      await apply("Bucket", { tags: { team: "snails" } });
    });
    afterEach(() => aws.close());

    const apply = async (type: string, more: Inputs): Promise<void> => {
      const inputs = { bucket: Bucket, ...more };
      const state = stateOf(s3ResourceTypes, token(type), { name: "n", inputs, place: aws.place });
      await typeOf(type).apply?.({ s3: aws.service }, { type: token(type), name: "n", inputs, id: state.id, state });
    };

    it("creates a bucket with its tags, and takes tags away that are declared no longer", async () => {
      const tags = () => s3.send(new GetBucketTaggingCommand({ Bucket }));
      expect((await tags()).TagSet).to.deep.equal([{ Key: "team", Value: "snails" }]);
      await apply("Bucket", {});
      expect(await code(tags())).to.equal("404 NoSuchTagSet");
    });

    it("sets versioning", async () => {
      const status = async () => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
      await apply("BucketVersioning", { versioningConfiguration: { status: "Disabled" } });
      expect(await status()).to.equal(undefined);
      await apply("BucketVersioning", { versioningConfiguration: { status: "Enabled" } });
      expect(await status()).to.equal("Enabled");
    });

    it("sets the lifecycle as S3's API has it", async () => {
      await apply("BucketLifecycleConfiguration", {
        rules: [
          {
            id: "old",
            status: "Enabled",
            filter: { and: { prefix: "images/", tags: { kind: "raw" } } },
            noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 2 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 3 },
            expiration: { expiredObjectDeleteMarker: true },
            transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
          },
          { id: "rest", status: "Disabled", filter: {}, expiration: { days: 9 } },
        ],
      });
      const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      expect(Rules).to.deep.equal([
        {
          ID: "old",
          Status: "Enabled",
          Filter: { And: { Prefix: "images/", Tags: [{ Key: "kind", Value: "raw" }] } },
          NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
          Expiration: { ExpiredObjectDeleteMarker: true },
          Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }],
        },
        { ID: "rest", Status: "Disabled", Filter: {}, Expiration: { Days: 9 } },
      ]);
    });

    it("sets encryption, ownership and the public access block", async () => {
      const byDefault = { sseAlgorithm: "aws:kms", kmsMasterKeyId: "key" };
      await apply("BucketServerSideEncryptionConfiguration", {
        rules: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: true }],
      });
      const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
      expect(encryption.ServerSideEncryptionConfiguration?.Rules).to.deep.equal([
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "key" },
          BucketKeyEnabled: true,
        },
      ]);
      await apply("BucketOwnershipControls", { rule: { objectOwnership: "ObjectWriter" } });
      const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
      expect(ownership.OwnershipControls?.Rules).to.deep.equal([{ ObjectOwnership: "ObjectWriter" }]);
      await apply("BucketPublicAccessBlock", { blockPublicAcls: true, restrictPublicBuckets: true });
      const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      expect(block.PublicAccessBlockConfiguration).to.deep.equal({
        BlockPublicAcls: true,
        IgnorePublicAcls: false,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: true,
      });
    });

    it("sets the policy, given as text or as a document", async () => {
      const Statement = [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `arn:aws:s3:::${Bucket}/x` }];
      for (const policy of [
        { Version: "2012-10-17", Statement },
        JSON.stringify({ Version: "2012-10-17", Statement }),
      ]) {
        await apply("BucketPolicy", { policy });
        const kept = await s3.send(new GetBucketPolicyCommand({ Bucket }));
        expect(JSON.parse(kept.Policy ?? "")).to.deep.equal({ Version: "2012-10-17", Statement });
      }
    });

    it("sets notifications, and sends s3:TestEvent only when they change", async () => {
      const queue = {
        queueArn: "arn:aws:sqs:eu-central-1:1:q",
        events: ["s3:ObjectCreated:*"],
        filterPrefix: "images/",
      };
      await apply("BucketNotification", { queues: [queue] });
      await apply("BucketNotification", { queues: [queue] });
      expect(aws.deliveries).to.have.length(1);
      const { QueueConfigurations } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
      expect(QueueConfigurations?.[0]?.Filter?.Key?.FilterRules).to.deep.equal([{ Name: "Prefix", Value: "images/" }]);
      await apply("BucketNotification", { queues: [{ ...queue, filterPrefix: "other/" }] });
      expect(aws.deliveries).to.have.length(2);
    });

    it("keeps objects when a bucket is declared again", async () => {
      aws.service.ensureBucket(Bucket);
      await apply("Bucket", { tags: { team: "snails" } });
      expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).to.have.length(1);
    });
  });
});
