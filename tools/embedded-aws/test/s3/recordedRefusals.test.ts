import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
  type LifecycleRule,
  type S3Client,
  type Tag,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { code, failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";
const Key = "k";

// Requests and answers recorded on AWS by LocalStack's test suite (Apache-2.0); the titles name the recordings.
describe("S3 refuses as recorded on AWS", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  it("test_s3_object_retention: a bucket with Object Lock is not made without it", async () => {
    const create = s3.send(new CreateBucketCommand({ Bucket: "locked", ObjectLockEnabledForBucket: true }));
    expect(await code(create)).to.equal("501 NotImplemented");
    expect((await s3.send(new ListBucketsCommand())).Buckets?.map(({ Name }) => Name)).to.deep.equal([Bucket]);
  });

  it("test_put_object_validation_sse_c: no part of a customer's key is ignored", async () => {
    const customerKey = { SSECustomerKey: "a".repeat(32), SSECustomerKeyMD5: "x" };
    expect(await code(s3.send(new PutObjectCommand({ Bucket, Key, ...customerKey })))).to.equal("501 NotImplemented");
    await s3.send(new PutObjectCommand({ Bucket, Key }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, PartNumber: 1, SSECustomerAlgorithm: "AES256", ...customerKey };
    expect(await code(s3.send(new UploadPartCommand(part)))).to.equal("501 NotImplemented");
    const read = new GetObjectCommand({ Bucket, Key, SSECustomerAlgorithm: "AES256", ...customerKey });
    expect(await code(s3.send(read))).to.equal("501 NotImplemented");
  });

  it("test_put_object_validation_sse_c: nor in a form", async () => {
    const form = new FormData();
    form.append("key", Key);
    form.append("x-amz-server-side-encryption-customer-key", "a".repeat(32));
    form.append("file", "content");
    const answer = await fetch(`${aws.url}/${Bucket}`, { method: "POST", body: form });
    expect([answer.status, /<Code>(\w+)/.exec(await answer.text())?.[1]]).to.deep.equal([501, "NotImplemented"]);
  });

  it("test_bucket_does_not_exist: an unsigned call is told so", async () => {
    expect((await fetch(`${aws.url}/there-is-none`)).status).to.equal(404);
    expect((await fetch(`${aws.url}/there-is-none/key`)).status).to.equal(404);
    expect((await fetch(`${aws.url}/${Bucket}`)).status).to.equal(403);
  });

  it("lifecycle periods and dates of transitions (ceph/s3-tests: test_lifecycle_expiration_days0 and its neighbours)", async () => {
    const refused = async (action: Partial<LifecycleRule>) => {
      const LifecycleConfiguration = { Rules: [{ ID: "r", Status: "Enabled" as const, Prefix: "", ...action }] };
      const error = await failure(
        s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration })),
      );
      return [error.name, error.message];
    };
    const period = (message: string) => ["InvalidArgument", `${message} action must be a positive integer`];
    expect(await refused({ Expiration: { Days: 0 } })).to.deep.equal(period("'Days' for Expiration"));
    expect(await refused({ NoncurrentVersionExpiration: { NoncurrentDays: 0 } })).to.deep.equal(
      period("'NoncurrentDays' for NoncurrentVersionExpiration"),
    );
    expect(await refused({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } })).to.deep.equal(
      period("'DaysAfterInitiation' for AbortIncompleteMultipartUpload"),
    );
    const Date = new globalThis.Date("2026-09-27T00:55:27Z");
    expect(await refused({ Transitions: [{ Date, StorageClass: "GLACIER" }] })).to.deep.equal([
      "InvalidArgument",
      "'Date' must be at midnight GMT",
    ]);
  });

  it("test_delete_object_with_no_locking", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key }));
    for (const BypassGovernanceRetention of [true, false]) {
      const error = await failure(s3.send(new DeleteObjectCommand({ Bucket, Key, BypassGovernanceRetention })));
      expect([error.$metadata.httpStatusCode, error.name, error.message, error.ArgumentName]).to.deep.equal([
        400,
        "InvalidArgument",
        "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
        "x-amz-bypass-governance-retention",
      ]);
    }
    await s3.send(new HeadObjectCommand({ Bucket, Key }));
  });

  it("test_object_tagging_exc: reading tags names the key with its bucket", async () => {
    const tags = { Bucket, Key: "fake-key" };
    expect((await failure(s3.send(new GetObjectTaggingCommand(tags)))).Key).to.equal(`${Bucket}/fake-key`);
    expect((await failure(s3.send(new DeleteObjectTaggingCommand(tags)))).Key).to.equal("fake-key");
  });

  it("test_create_bucket_with_tags_exc", async () => {
    const create = (...Tags: Tag[]) =>
      failure(
        s3.send(
          new CreateBucketCommand({
            Bucket: "tagged",
            CreateBucketConfiguration: { LocationConstraint: "eu-central-1", Tags },
          }),
        ),
      );
    const reserved = await create({ Key: "aws:test", Value: "value1" });
    expect([reserved.name, reserved.message, reserved.TagKey]).to.deep.equal([
      "InvalidTag",
      'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.',
      undefined,
    ]);
    const twice = await create({ Key: "key1", Value: "value1" }, { Key: "key1", Value: "value2" });
    expect([twice.$metadata.httpStatusCode, twice.name]).to.deep.equal([500, "InternalError"]);
  });

  it("test_list_buckets_region_validation", async () => {
    const error = await failure(s3.send(new ListBucketsCommand({ BucketRegion: "eu-east-1" })));
    expect([error.name, error.message, error.ArgumentName, error.ArgumentValue]).to.deep.equal([
      "InvalidArgument",
      "Argument value eu-east-1 is not a valid AWS Region",
      "bucket-region",
      undefined,
    ]);
    expect((await s3.send(new ListBucketsCommand({ BucketRegion: "ap-northeast-1" }))).Buckets).to.deep.equal([]);
  });

  it("test_bucket_notification_with_invalid_filter_rules", async () => {
    const queue = {
      QueueArn: "arn:aws:sqs:eu-central-1:123456789012:my-queue",
      Events: ["s3:ObjectCreated:*" as const],
      Filter: { Key: { FilterRules: [{ Name: "INVALID" as "prefix", Value: "does not matter" }] } },
    };
    const NotificationConfiguration = { QueueConfigurations: [queue] };
    const error = await failure(
      s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration })),
    );
    expect([error.name, error.ArgumentName, error.ArgumentValue]).to.deep.equal([
      "InvalidArgument",
      "FilterRule.Name",
      "INVALID",
    ]);
  });

  it("test_multipart_parts_checksum_exceptions_composite: the type of the checksum comes before the parts'", async () => {
    const more = { ChecksumType: "COMPOSITE", ChecksumAlgorithm: "CRC32" } as const;
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "abc" }));
    const complete = new CompleteMultipartUploadCommand({
      Bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] },
      ChecksumType: "FULL_OBJECT",
    });
    expect((await failure(s3.send(complete))).message).to.equal(
      "The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.",
    );
  });

  it("test_complete_multipart_parts_checksum_full_object: a part has no checksum, the only part the object's", async () => {
    const more = { ChecksumType: "FULL_OBJECT", ChecksumAlgorithm: "CRC32C" } as const;
    for (const count of [2, 1]) {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
      const Parts = [];
      for (const PartNumber of [1, 2].slice(0, count)) {
        const Body = "a".repeat(5 * 1024 ** 2);
        const part = { Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: more.ChecksumAlgorithm };
        const { ETag, ChecksumCRC32C } = await s3.send(new UploadPartCommand(part));
        Parts.push({ ETag, ChecksumCRC32C, PartNumber });
      }
      await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key, PartNumber: 1, ChecksumMode: "ENABLED" }));
      const expected = count === 1 ? [Parts[0]?.ChecksumCRC32C, "FULL_OBJECT"] : [undefined, undefined];
      expect([head.ChecksumCRC32C, head.ChecksumType]).to.deep.equal(expected);
    }
  });

  it("test_system_metadata_with_unicode: what fits into one byte comes back", async () => {
    const bytes = Buffer.from("ÄMÄZÕÑ S3").toString("latin1");
    await s3.send(new PutObjectCommand({ Bucket, Key, CacheControl: bytes }));
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).CacheControl).to.equal(bytes);
  });

  it("a Content-Encoding comes back with its blanks (ceph/s3-tests: test_object_content_encoding_aws_chunked)", async () => {
    for (const ContentEncoding of ["deflate, gzip", "aws-chunked, deflate, gzip", "deflate, gzip, aws-chunked"]) {
      await s3.send(new PutObjectCommand({ Bucket, Key, ContentEncoding }));
      expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentEncoding).to.equal("deflate, gzip");
    }
  });

  it("test_s3_sse_default_kms_key: the bucket says whether its key is used", async () => {
    const Rules = [
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const }, BucketKeyEnabled: true },
    ];
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    const put = async (ServerSideEncryption: "aws:kms" | "AES256") =>
      (await s3.send(new PutObjectCommand({ Bucket, Key, ServerSideEncryption }))).BucketKeyEnabled;
    expect([await put("aws:kms"), await put("AES256")]).to.deep.equal([true, undefined]);
  });
});
