import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
  type Event,
  type QueueConfiguration,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { awkwardKeys } from "./names";
import { code, failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";
const queue = "arn:aws:sqs:eu-central-1:123456789012:put";

interface Record {
  eventVersion: string;
  eventName: string;
  eventTime: string;
  responseElements: { "x-amz-request-id": string };
  s3: { configurationId: string; object: { key: string; sequencer: string; versionId?: string; size?: number } };
}

describe("S3 notifications", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  const configure = async (...queues: Partial<QueueConfiguration>[]): Promise<void> => {
    const QueueConfigurations = queues.map((one) => ({
      QueueArn: queue,
      Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"] as Event[],
      ...one,
    }));
    const NotificationConfiguration = { QueueConfigurations };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    aws.deliveries.length = 0;
  };
  const filter = (prefix: string, suffix: string): QueueConfiguration["Filter"] => ({
    Key: {
      FilterRules: [
        { Name: "prefix", Value: prefix },
        { Name: "suffix", Value: suffix },
      ],
    },
  });
  const records = (): Record[] =>
    aws.deliveries.flatMap(({ body }) => (JSON.parse(body) as { Records: Record[] }).Records);
  const names = (): string[] => records().map(({ eventName }) => eventName);
  const put = (Key: string): Promise<unknown> => s3.send(new PutObjectCommand({ Bucket, Key, Body: "hello" }));

  it("sends s3:TestEvent when notifications are set (notification-how-to-event-types-and-destinations)", async () => {
    const NotificationConfiguration = {
      QueueConfigurations: [{ QueueArn: queue, Events: ["s3:ObjectCreated:*" as const] }],
    };
    const { $metadata } = await s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }),
    );
    expect(aws.deliveries).to.have.length(1);
    expect(JSON.parse(aws.deliveries[0]!.body)).to.deep.include({
      Service: "Amazon S3",
      Event: "s3:TestEvent",
      Time: "2026-03-01T12:00:00.000Z",
      Bucket,
      RequestId: $metadata.requestId,
    });
  });

  it("are lost where a fault says so, and the request succeeds", async () => {
    await configure({});
    aws.faults.lose = true;
    await put("lost.jpg");
    aws.faults.lose = false;
    await put("found.jpg");
    expect(records().map(({ s3: { object } }) => object.key)).to.deep.equal(["found.jpg"]);
  });

  it("calls the queue as s3.amazonaws.com for its bucket and account (grant-destinations-permissions-to-s3)", async () => {
    await configure({});
    await put("k");
    expect(aws.deliveries[0]).to.deep.include({
      queueArn: queue,
      from: {
        kind: "service",
        arn: "s3.amazonaws.com",
        accountId: "123456789012",
        sourceArn: `arn:aws:s3:::${Bucket}`,
        sourceAccount: "123456789012",
      },
    });
  });

  it("refuses a destination that does not let S3 in, and keeps what was there", async () => {
    await configure({ Id: "kept" });
    aws.closed.add("arn:aws:sqs:eu-central-1:123456789012:closed");
    const error = await failure(configure({ QueueArn: "arn:aws:sqs:eu-central-1:123456789012:closed" }));
    expect(error).to.deep.include({
      name: "InvalidArgument",
      message: "Unable to validate the following destination configurations",
    });
    const kept = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(kept.QueueConfigurations?.map(({ Id }) => Id)).to.deep.equal(["kept"]);
  });

  it("describes the object as the page notification-content-structure does", async () => {
    await configure({ Id: "images" });
    aws.service.setVersioning(Bucket, "Enabled");
    const { VersionId, $metadata } = await s3.send(new PutObjectCommand({ Bucket, Key: "a b.jpg", Body: "hello" }));
    const [record] = records();
    expect(record).to.deep.include({
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "eu-central-1",
      eventTime: "2026-03-01T12:00:00.000Z",
      eventName: "ObjectCreated:Put",
      requestParameters: { sourceIPAddress: "127.0.0.1" },
    });
    expect(record?.responseElements["x-amz-request-id"]).to.equal($metadata.requestId);
    expect(record?.s3).to.deep.include({ s3SchemaVersion: "1.0", configurationId: "images" });
    expect(record?.s3).to.have.nested.property("bucket.arn", `arn:aws:s3:::${Bucket}`);
    const { sequencer, ...object } = record!.s3.object;
    expect(sequencer).to.match(/^[0-9A-F]{16,18}$/);
    expect(object).to.deep.equal({
      key: "a+b.jpg",
      size: 5,
      eTag: "5d41402abc4b2a76b9719d911017c592",
      versionId: VersionId,
    });
  });

  it("encodes keys so that form decoding gives them back", async () => {
    await configure({});
    for (const key of awkwardKeys) await put(key);
    const decoded = records().map(({ s3: { object } }) => decodeURIComponent(object.key.replaceAll("+", " ")));
    expect(decoded).to.deep.equal(awkwardKeys);
    expect(records().every(({ s3: { object } }) => /^[\w.\-~*/%+]+$/.test(object.key))).to.equal(true);
  });

  it("names what happened: put, copy, completed upload, delete, delete marker", async () => {
    await configure({});
    await put("k");
    await s3.send(new CopyObjectCommand({ Bucket, Key: "c", CopySource: `${Bucket}/k` }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "m" }));
    const part = await s3.send(new UploadPartCommand({ Bucket, Key: "m", UploadId, PartNumber: 1, Body: "part" }));
    const Parts = [{ PartNumber: 1, ETag: part.ETag }];
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: "m", UploadId, MultipartUpload: { Parts } }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    aws.service.setVersioning(Bucket, "Enabled");
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "c" }] } }));
    expect(names()).to.deep.equal([
      "ObjectCreated:Put",
      "ObjectCreated:Copy",
      "ObjectCreated:CompleteMultipartUpload",
      "ObjectRemoved:Delete",
      "ObjectRemoved:DeleteMarkerCreated",
    ]);
  });

  it("sends only the events, prefixes and suffixes that are asked for (notification-how-to-filtering)", async () => {
    await configure({ Events: ["s3:ObjectCreated:Put"], Filter: filter("images/", ".jpg") });
    for (const key of ["images/a.jpg", "images/a.png", "a.jpg", "images/b.jpg"]) await put(key);
    await s3.send(new CopyObjectCommand({ Bucket, Key: "images/c.jpg", CopySource: `${Bucket}/a.jpg` }));
    expect(records().map(({ s3: { object } }) => object.key)).to.deep.equal(["images/a.jpg", "images/b.jpg"]);
  });

  it("returns the configuration (API_GetBucketNotificationConfiguration)", async () => {
    await configure({ Id: "one", Filter: filter("images/", "") }, { Id: "two", Filter: filter("other/", "") });
    const { QueueConfigurations } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(QueueConfigurations?.[0]).to.deep.equal({
      Id: "one",
      QueueArn: queue,
      Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
      // Recorded: test_filter_rules_empty_value.
      Filter: {
        Key: {
          FilterRules: [
            { Name: "Prefix", Value: "images/" },
            { Name: "Suffix", Value: "" },
          ],
        },
      },
    });
    expect(QueueConfigurations).to.have.length(2);
  });

  it("refuses overlapping filters, unknown events and what it cannot send to", async () => {
    const overlapping = configure({ Filter: filter("a", "") }, { Filter: filter("ab", "") });
    expect(await code(overlapping)).to.equal("400 InvalidArgument");
    await configure({ Filter: filter("a", ".jpg") }, { Filter: filter("ab", ".png") });
    expect(await code(configure({ Events: ["s3:Nonsense" as Event] }))).to.equal("400 InvalidArgument");
    expect(await code(configure({ Events: ["s3:ObjectTagging:Put"] }))).to.equal("501 NotImplemented");
    const topics = { TopicConfigurations: [{ TopicArn: "arn:aws:sns:::t", Events: ["s3:ObjectCreated:*" as const] }] };
    const toTopic = s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: topics }),
    );
    expect((await failure(toTopic)).message).to.contain("TopicConfiguration");
  });

  it("loses the event, not the upload, when the queue has closed since", async () => {
    await configure({});
    aws.closed.add(queue);
    await put("k");
    expect(aws.announced.join()).to.contain("ObjectCreated:Put of photos/k");
  });

  it("gives sequencers that grow after padding on the right, and only then", async () => {
    await configure({});
    const values: string[] = [];
    for (let turn = 0; turn < 12; turn++) {
      // The clock stands, moves on, or is set back.
      aws.clock.now += [0, 1, -5000][turn % 3] ?? 0;
      if (turn % 4 === 3) await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
      else await put("k");
      if (turn === 6) aws.reopen();
    }
    values.push(...records().map(({ s3: { object } }) => object.sequencer));
    const padded = values.map((value) => value.padEnd(18, "0"));
    expect(padded).to.deep.equal([...padded].sort());
    expect(new Set(padded).size).to.equal(12);
    expect(new Set(values.map((value) => value.length)).size).to.be.greaterThan(1);
    // As numbers they are out of order: a consumer that forgets the padding fails here as it does on AWS.
    const numbers = values.map((value) => BigInt(`0x${value}`));
    expect(numbers.every((value, index) => index === 0 || value > numbers[index - 1]!)).to.equal(false);
  });
});
