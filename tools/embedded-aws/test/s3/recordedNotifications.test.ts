import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  type Event,
  type QueueConfiguration,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect } from "chai";
import { failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";
const queue = "arn:aws:sqs:eu-central-1:123456789012:put";

interface Record {
  eventName: string;
  responseElements: object;
  s3: { object: { key: string; sequencer?: string; versionId?: string } };
}

// Answers of AWS, as LocalStack's tests of the names in brackets recorded them.
describe("S3 notifications, as recorded", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  const set = (QueueConfigurations: QueueConfiguration[], SkipDestinationValidation?: boolean) =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: { QueueConfigurations },
        SkipDestinationValidation,
      }),
    );
  const listen = async (...Events: Event[]): Promise<void> => {
    await set([{ Id: "config-id", QueueArn: queue, Events }]);
    aws.deliveries.length = 0;
  };
  const configured = async () => {
    const { QueueConfigurations } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    return QueueConfigurations;
  };
  const records = (): Record[] =>
    aws.deliveries.splice(0).flatMap(({ body }) => (JSON.parse(body) as { Records: Record[] }).Records);
  const put = (Key: string, Body = "something") => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  /** A record without what differs each time; `object` without its sequencer. */
  const recorded = (eventName: string, object: object) => ({
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "eu-central-1",
    eventTime: "2026-03-01T12:00:00.000Z",
    eventName,
    requestParameters: { sourceIPAddress: "127.0.0.1" },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: "config-id",
      bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
      object,
    },
  });
  const expectRecords = (...expected: ReturnType<typeof recorded>[]): void => {
    const found = records();
    for (const record of found) {
      expect(record.responseElements).to.have.all.keys("x-amz-id-2", "x-amz-request-id");
      expect(record).to.have.nested.property("userIdentity.principalId").that.is.a("string");
      expect(record).to.have.nested.property("s3.bucket.ownerIdentity.principalId").that.is.a("string");
      expect(record.s3.object.sequencer).to.match(/^[0-9A-F]+$/);
    }
    const varying = ["responseElements", "userIdentity", "ownerIdentity", "sequencer"];
    const plain = JSON.stringify(found, (key, value: unknown) => (varying.includes(key) ? undefined : value));
    expect(JSON.parse(plain)).to.deep.equal(expected);
  };
  const something = { size: 9, eTag: "437b930db84b8079c2dd804a71936b5f" };

  it("two objects (test_object_created_put)", async () => {
    await listen("s3:ObjectCreated:Put");
    await put("my_key_0");
    await put("my_key_1", "something else");
    expectRecords(
      recorded("ObjectCreated:Put", { key: "my_key_0", ...something }),
      recorded("ObjectCreated:Put", { key: "my_key_1", size: 14, eTag: "6c7ba9c5a141421e1c03cb9807c97c74" }),
    );
  });

  it("a copy, and not the object that is copied (test_object_created_copy)", async () => {
    await listen("s3:ObjectCreated:Copy");
    await put("from");
    await s3.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource: `${Bucket}/from` }));
    expectRecords(recorded("ObjectCreated:Copy", { key: "to", ...something }));
  });

  it("creation and removal (test_object_created_and_object_removed)", async () => {
    await listen("s3:ObjectCreated:*", "s3:ObjectRemoved:*");
    await put("from");
    await s3.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource: `${Bucket}/from` }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "from" }));
    expectRecords(
      recorded("ObjectCreated:Put", { key: "from", ...something }),
      recorded("ObjectCreated:Copy", { key: "to", ...something }),
      recorded("ObjectRemoved:Delete", { key: "from" }),
    );
  });

  it("removal of keys that there are not, too (test_delete_objects)", async () => {
    await listen("s3:ObjectRemoved:*");
    await put("key");
    const Objects = ["key", "dummy1", "dummy2"].map((Key) => ({ Key }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    expectRecords(...["key", "dummy1", "dummy2"].map((key) => recorded("ObjectRemoved:Delete", { key })));
  });

  it("an upload in parts (test_object_created_complete_multipart_upload)", async () => {
    await listen("s3:ObjectCreated:*");
    const Key = "test-key";
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const { ETag } = await s3.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "x".repeat(6144) }),
    );
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const done = await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    const eTag = done.ETag?.replaceAll('"', "");
    expect(eTag).to.match(/-1$/);
    expectRecords(recorded("ObjectCreated:CompleteMultipartUpload", { key: Key, size: 6144, eTag }));
  });

  it("a key, encoded (test_key_encoding)", async () => {
    await listen("s3:ObjectCreated:*");
    await put("a@b");
    expectRecords(recorded("ObjectCreated:Put", { key: "a%40b", ...something }));
  });

  it("a presigned upload (test_object_created_put_with_presigned_url_upload)", async () => {
    await listen("s3:ObjectCreated:*");
    const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "key-by-hostname" }));
    expect((await fetch(url, { method: "PUT", body: "something" })).status).to.equal(200);
    expectRecords(recorded("ObjectCreated:Put", { key: "key-by-hostname", ...something }));
  });

  it("versions, and the null version without its id (test_object_created_put_versioned)", async () => {
    const key = "test-key";
    const version = (Status: "Enabled" | "Suspended") =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    const remove = (VersionId?: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId }));
    await listen("s3:ObjectCreated:*", "s3:ObjectRemoved:*");
    await version("Enabled");
    const one = await put(key, "data");
    const two = await put(key, "data-version2");
    const marker = await remove();
    await remove(one.VersionId);
    const first = { key, size: 4, eTag: "8d777f385d3dfec8815d20f7496026dc", versionId: one.VersionId };
    const second = { key, size: 13, eTag: "6869c34ca384e0ed836d49214f881e87", versionId: two.VersionId };
    const empty = { key, eTag: "d41d8cd98f00b204e9800998ecf8427e", versionId: marker.VersionId };
    expectRecords(
      recorded("ObjectCreated:Put", first),
      recorded("ObjectCreated:Put", second),
      recorded("ObjectRemoved:DeleteMarkerCreated", empty),
      recorded("ObjectRemoved:Delete", { key, versionId: one.VersionId }),
    );
    await version("Suspended");
    const third = await put(key, "data-version3");
    expect(third.VersionId).to.equal(undefined);
    const gone = await remove(marker.VersionId);
    expect(gone).to.deep.include({ DeleteMarker: true, VersionId: marker.VersionId });
    expectRecords(
      recorded("ObjectCreated:Put", { key, size: 13, eTag: "2fb1d4988881168bbcd6432d7593be5a" }),
      recorded("ObjectRemoved:Delete", { key, versionId: marker.VersionId }),
    );
  });

  it("filters, set, emptied and set again (test_notifications_with_filter)", async () => {
    const FilterRules = [
      { Name: "prefix" as const, Value: "testupload/" },
      { Name: "suffix" as const, Value: "testfile.txt" },
    ];
    await set([
      {
        Id: "config-id",
        QueueArn: queue,
        Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"],
        Filter: { Key: { FilterRules } },
      },
    ]);
    const kept = [
      { Name: "Prefix", Value: "testupload/" },
      { Name: "Suffix", Value: "testfile.txt" },
    ];
    expect((await configured())?.map(({ Filter }) => Filter?.Key?.FilterRules)).to.deep.equal([kept]);
    aws.deliveries.length = 0;
    await put("testupload/dir1/testfile.txt", "This is a test of a file upload.");
    await put("testupload/testfile.jpg");
    expect(records().map(({ eventName, s3: { object } }) => [eventName, object.key])).to.deep.equal([
      ["ObjectCreated:Put", "testupload/dir1/testfile.txt"],
    ]);
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }));
    expect(await configured()).to.equal(undefined);
    await set([{ Id: "id123456", QueueArn: queue, Events: ["s3:ObjectCreated:*"] }]);
    expect(await configured()).to.deep.equal([{ Id: "id123456", QueueArn: queue, Events: ["s3:ObjectCreated:*"] }]);
  });

  it("names of filters in any case (test_filter_rules_case_insensitive)", async () => {
    const FilterRules = [
      { Name: "suffix" as const, Value: ".txt" },
      { Name: "PREFIX" as "prefix", Value: "notif-" },
    ];
    await set([{ QueueArn: queue, Events: ["s3:ObjectCreated:*"], Filter: { Key: { FilterRules } } }], true);
    const rules = (await configured())?.[0]?.Filter?.Key?.FilterRules;
    expect(rules).to.have.deep.members([
      { Name: "Prefix", Value: "notif-" },
      { Name: "Suffix", Value: ".txt" },
    ]);
  });

  const other = "arn:aws:sqs:eu-central-1:123456789012:my-queue";
  const to = (...arns: string[]): QueueConfiguration[] =>
    arns.map((QueueArn, index) => ({
      Id: `id${index}`,
      QueueArn,
      Events: ["s3:ObjectCreated:*"],
      Filter: { Key: { FilterRules: [{ Name: "prefix", Value: String(index) }] } },
    }));
  for (const [what, test, arns, skip] of [
    ["an ARN that is none", "test_invalid_sqs_arn", ["invalid-queue"], false],
    ["an ARN that is none, unvalidated", "test_invalid_sqs_arn", ["invalid-queue"], true],
    ["two ARNs that are none", "test_multiple_invalid_sqs_arns", ["invalid_arn", "invalid_arn_2"], false],
    [
      "a queue that there is not, and an ARN that is none",
      "test_multiple_invalid_sqs_arns",
      [other, "invalid_arn_2"],
      false,
    ],
  ] as const)
    it(`${what} (${test})`, async () => {
      const { name, message, ...rest } = await failure(set(to(...arns), skip));
      expect([name, message]).to.deep.equal(["InvalidArgument", "The ARN could not be parsed"]);
      expect(rest).to.deep.include({
        ArgumentName: "Queue",
        ArgumentValue: arns.find((arn) => !arn.startsWith("arn:")),
      });
    });

  it("a queue that there is not is taken where destinations are not validated (test_invalid_sqs_arn)", async () => {
    aws.closed.add(other);
    const { name, message } = await failure(set(to(other)));
    expect([name, message]).to.deep.equal([
      "InvalidArgument",
      "Unable to validate the following destination configurations",
    ]);
    await set(to(other), true);
    expect((await configured())?.map(({ QueueArn }) => QueueArn)).to.deep.equal([other]);
  });
});
