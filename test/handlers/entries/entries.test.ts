import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Context } from "aws-lambda";
import { expect } from "chai";
import sharp from "sharp";
import type { ApiResult } from "../../../handlers/entries/apiEvent";
import type { QueueRecord } from "../../../handlers/entries/perMessage";
import { createImageEventProcess } from "../../../handlers/entries/imageEventProcess";
import { createRawImageDeleteProcess } from "../../../handlers/entries/rawImageDeleteProcess";
import { createRawImageGetProcess } from "../../../handlers/entries/rawImageGetProcess";
import { createRawImagePutProcess } from "../../../handlers/entries/rawImagePutProcess";
import { createRawImageListProcess } from "../../../handlers/entries/rawImageListProcess";
import {
  createResolutionBasedImageDeleteProcess,
  createResolutionBasedImageDeleteProcessForDelivery,
} from "../../../handlers/entries/resolutionBasedImageDeleteProcess";
import { createSweepProcess } from "../../../handlers/entries/sweepProcess";
import { createUploadProcess } from "../../../handlers/entries/uploadProcess";
import type { UploadGrant } from "../../../handlers/protocol/uploadProcess";
import { createResolutionBasedImagePutProcess } from "../../../handlers/entries/resolutionBasedImagePutProcess";
import { type AwsClients, createImageMetadataTable, startAwsClients } from "../../support/emptyAws";
import { decoderFolder } from "../../support/decoder";
import { corners, cornersOf } from "../image/files";
import { withEnvironment } from "../protocol/support";

const context = {
  awsRequestId: "request",
  functionName: "f",
  memoryLimitInMB: "1024",
  getRemainingTimeInMillis: () => 60_000,
} as Context;
const name = "my photo+é.jpg";
const imageTypes = [
  { imageType: "small", width: 32, height: 32, fit: "inside", format: "jpeg", quality: 80 },
  { imageType: "square", width: 16, height: 16, fit: "cover", format: "webp", quality: 80 },
];
const limits = {
  acceptedFormats: ["jpeg"],
  acceptedExtensions: ["jpg"],
  maxBytes: 1e6,
  maxPixels: 1e6,
  maxSide: 1e4,
  maxProportion: 1e4,
};

describe("the functions' entry points, on the embedded AWS", () => {
  let aws: AwsClients;
  let sqs: SQSClient;
  let environment: Record<string, string>;

  before(async () => {
    aws = await startAwsClients();
    sqs = aws.sqs;
    const s3 = aws.s3;
    await s3.send(new CreateBucketCommand({ Bucket: "temp" }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: "temp", VersioningConfiguration: { Status: "Enabled" } }));
    await s3.send(new CreateBucketCommand({ Bucket: "images" }));
    await createImageMetadataTable(aws.dynamodb);
    const queue = async (QueueName: string) => (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl!;
    environment = {
      AWS_REGION: aws.client.region,
      AWS_ENDPOINT_URL: aws.client.endpoint,
      AWS_ACCESS_KEY_ID: aws.client.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.client.credentials.secretAccessKey,
      POWERTOOLS_SERVICE_NAME: "f",
      POWERTOOLS_METRICS_NAMESPACE: "SnailImages",
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
      TEMP_IMAGES_BUCKET: "temp",
      IMAGES_BUCKET: "images",
      IMAGE_METADATA_TABLE: "ImageMetadata",
      IMAGE_METADATA_INDEX: "byStatusShard",
      PUT_RAW_IMAGE_QUEUE_URL: await queue("uploads"),
      PUT_RESOLUTION_BASED_IMAGE_QUEUE_URL: await queue("put"),
      DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: await queue("delete"),
      QUEUE_URL: await queue("source"),
      DEAD_LETTER_QUEUE_URL: await queue("dead"),
      MAX_RECEIVE_COUNT: "5",
      IMAGES_AT_ONCE: "2",
      LAMBDA_TASK_ROOT: decoderFolder(),
      EVENT_BUS_NAME: "default",
      IMAGE_TYPES: JSON.stringify(imageTypes),
      UPLOAD_LIMITS: JSON.stringify(limits),
    };
  });
  after(async () => {
    await aws.close();
  });

  /** The messages that wait in a queue, as a batch; they are taken out. */
  async function batchOf(variable: string): Promise<{ Records: QueueRecord[] }> {
    const QueueUrl = environment[variable]!;
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    const record = ({ MessageId, ReceiptHandle, Body }: Message): QueueRecord => ({
      messageId: MessageId!,
      receiptHandle: ReceiptHandle!,
      body: Body!,
    });
    return { Records: Messages.map(record) };
  }

  /** PUTs a file into the temp bucket, and gives the message that S3 would send. */
  async function upload(Body: Buffer, sequencer: string) {
    const { VersionId } = await aws.s3.send(new PutObjectCommand({ Bucket: "temp", Key: `images/${name}`, Body }));
    const key = `images/${encodeURIComponent(name).replace(/%20/g, "+")}`;
    const record = {
      eventName: "ObjectCreated:Put",
      eventTime: new Date().toISOString(),
      s3: { object: { key, versionId: VersionId, sequencer } },
    };
    return { Records: [{ messageId: "1", receiptHandle: "r", body: JSON.stringify({ Records: [record] }) }] };
  }

  const request = { pathParameters: { object: encodeURIComponent(name) } };
  const answered = ({ statusCode, body }: ApiResult) => ({ status: statusCode, body: JSON.parse(body) as unknown });
  const get = async () => answered(await createRawImageGetProcess()(request, context));
  const run = <T>(work: () => Promise<T>) => withEnvironment(environment, work);
  const versions = async (Bucket: string) =>
    (await aws.s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions ?? [];

  it("announce a change, and make a dead letter of one that cannot be read", () =>
    run(async () => {
      const image = {
        original: { S: name },
        id: { S: "id" },
        epoch: { N: "0" },
        status: { S: "DELETED" },
        updatedAt: { S: "2030-01-01T00:00:00.000Z" },
      };
      const Records = [
        { dynamodb: { SequenceNumber: "1", NewImage: { original: { B: new Uint8Array(1) } } } },
        { dynamodb: { SequenceNumber: "2", NewImage: image } },
      ];
      expect(await createImageEventProcess()({ Records }, context)).to.deep.equal({ batchItemFailures: [] });
      const { Records: letters } = await batchOf("DEAD_LETTER_QUEUE_URL");
      expect(letters.map(({ body }) => JSON.parse(body) as unknown)).to.have.length(1);
      expect(letters[0]?.body).to.include('"SequenceNumber":"1"');
    }));

  it("grant an upload, which S3 takes, and refuse what would not be accepted", () =>
    run(async () => {
      const grant = async (body: unknown) =>
        answered(await createUploadProcess()({ httpMethod: "POST", body: JSON.stringify(body) }, context));
      const { status, body } = await grant({ object: name });
      const { url, fields, ...granted } = body as UploadGrant & { method: "POST" };
      expect({ status, granted }).to.deep.equal({
        status: 201,
        granted: { object: name, method: "POST", maxBytes: limits.maxBytes, expiresAt: granted.expiresAt },
      });
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) form.append(field, value);
      form.append("file", new Blob(["bytes"]));
      expect((await fetch(url, { method: "POST", body: form })).status).to.equal(204);
      const [{ Key, VersionId } = {}] = await versions("temp");
      expect(Key).to.equal(`images/${name}`);
      await aws.s3.send(new DeleteObjectCommand({ Bucket: "temp", Key, VersionId }));
      expect(await grant({ object: "a.exe" })).to.deep.equal({
        status: 400,
        body: { error: { code: "BadUpload", message: "The name must end in one of: .jpg." } },
      });
      expect((await grant({})).body).to.have.nested.property("error.message", "object must be the image's name.");
    }));

  it("take an image from its upload to its renditions, and away again", () =>
    run(async () => {
      expect((await get()).status).to.equal(404);

      const message = await upload(await corners().jpeg().toBuffer(), "0055AED6DCD90281E5");
      expect(await createRawImagePutProcess()(message, context)).to.deep.equal({ batchItemFailures: [] });
      expect(await versions("temp")).to.deep.equal([]);
      expect((await get()).body).to.include({ object: name, status: "PROCESSING", width: 64, height: 48 });

      const put = await batchOf("PUT_RESOLUTION_BASED_IMAGE_QUEUE_URL");
      expect(put.Records).to.have.length(1);
      expect(await createResolutionBasedImagePutProcess()(put, context)).to.deep.equal({ batchItemFailures: [] });

      const ready = (await get()) as { status: number; body: { renditions: { url: string; imageType: string }[] } };
      expect(ready.body).to.include({ status: "READY" });
      expect(ready.body.renditions.map(({ imageType }) => imageType)).to.deep.equal(["small", "square"]);
      for (const [i, size] of [
        { width: 32, height: 24, format: "jpeg" },
        { width: 16, height: 16, format: "webp" },
      ].entries()) {
        expect(ready.body.renditions[i]).to.include(size);
        const fetched = await fetch(ready.body.renditions[i]!.url);
        expect(fetched.headers.get("content-type")).to.equal(`image/${size.format}`);
        const body = Buffer.from(await fetched.arrayBuffer());
        expect(await sharp(body).metadata()).to.include(size);
        expect(await cornersOf(body)).to.equal("rgwb");
      }

      const list = async (status: string, renditions = "false") => {
        const multiValueQueryStringParameters = { status: [status], renditions: [renditions] };
        return answered(await createRawImageListProcess()({ multiValueQueryStringParameters }, context));
      };
      const plain = (await list("READY")).body;
      expect(plain).to.have.nested.property("images[0].object", name);
      expect(plain).not.to.have.nested.property("images[0].renditions");
      const { images } = (await list("READY", "true")).body as { images: (typeof ready.body)[] };
      expect(images[0]?.renditions.map(({ imageType }) => imageType)).to.deep.equal(["small", "square"]);
      for (const { url } of images[0]?.renditions ?? []) expect((await fetch(url)).status).to.equal(200);
      expect((await list("SOMETIMES")).status).to.equal(400);

      const deleting = answered(await createRawImageDeleteProcess()(request, context));
      expect(deleting).to.have.property("status", 202);
      expect(deleting.body).to.include({ object: name, status: "DELETING" });
      const remove = await batchOf("DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL");
      expect(await createResolutionBasedImageDeleteProcess()(remove, context)).to.deep.equal({ batchItemFailures: [] });
      expect(await versions("images")).to.deep.equal([]);
      const gone = await get();
      expect(gone.status).to.equal(410);
      expect(gone.body)
        .to.have.nested.property("error.message")
        .that.matches(/was deleted at \d{4}-\d\d-\d\dT/);
    }));

  it("delete for CloudFront too: an upload that was never stored is in no cache", () =>
    withEnvironment({ ...environment, DISTRIBUTION_ID: "E1" }, async () => {
      const body = JSON.stringify({ original: "never.jpg", upload: "v1" });
      const Records = [{ messageId: "1", receiptHandle: "r", body }];
      const answer = await createResolutionBasedImageDeleteProcessForDelivery()({ Records }, context);
      expect(answer).to.deep.equal({ batchItemFailures: [] });
    }));

  it("find what got lost, and send it on its way", () =>
    run(async () => {
      const record = { generation: "0".repeat(48), format: "jpeg", expected: [], status: "PROCESSING" };
      const listed = { statusShard: "PROCESSING#7", listPosition: "2020-01-01 1" };
      const rest = { id: "1", epoch: 0, updatedAt: "2020-01-01", ...listed, ...record };
      const Item = { original: "lost.jpg", imageType: "raw", ...rest };
      await DynamoDBDocumentClient.from(aws.dynamodb).send(new PutCommand({ TableName: "ImageMetadata", Item }));
      await createSweepProcess()({}, context);
      const [message] = (await batchOf("PUT_RESOLUTION_BASED_IMAGE_QUEUE_URL")).Records;
      expect(JSON.parse(message?.body ?? "null")).to.deep.equal({
        original: "lost.jpg",
        manifest: `${record.generation}.jpg`,
        uploadedAt: "2020-01-01",
      });
    }));

  it("bring the next try of a message that failed forward", () =>
    run(async () => {
      await sqs.send(new SendMessageCommand({ QueueUrl: environment.QUEUE_URL, MessageBody: "{}" }));
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: environment.QUEUE_URL, VisibilityTimeout: 600 }),
      );
      const original = { original: "missing.jpg", manifest: `${"1".repeat(48)}.jpg`, uploadedAt: "2030-01-01" };
      const broken = { ...environment, IMAGE_METADATA_TABLE: "none" };
      const batch = {
        Records: [{ messageId: "1", receiptHandle: Messages[0]!.ReceiptHandle!, body: JSON.stringify(original) }],
      };
      const answer = await withEnvironment(broken, () => createResolutionBasedImagePutProcess()(batch, context));
      expect(answer).to.deep.equal({ batchItemFailures: [{ itemIdentifier: "1" }] });
    }));

  it("say why an upload was rejected, and consume its message", () =>
    run(async () => {
      const message = await upload(Buffer.from("%PDF-1.7"), "0055AED6DCD90281E6");
      expect(await createRawImagePutProcess()(message, context)).to.deep.equal({ batchItemFailures: [] });
      expect((await get()).body).to.deep.include({
        status: "REJECTED",
        reason: "The file is a PDF document. Convert it to one of these: JPEG.",
      });
      expect(await versions("temp")).to.deep.equal([]);
    }));

  it("answer 404 to a DELETE of an unknown name", () =>
    run(async () => {
      const unknown = { pathParameters: { object: "unknown.jpg" } };
      expect((await createRawImageDeleteProcess()(unknown, context)).statusCode).to.equal(404);
    }));

  for (const [entry, variable] of [
    [createRawImagePutProcess, "TEMP_IMAGES_BUCKET"],
    [createResolutionBasedImagePutProcess, "IMAGES_BUCKET"],
    [createRawImageDeleteProcess, "DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL"],
    [createResolutionBasedImageDeleteProcess, "IMAGE_METADATA_TABLE"],
    [createRawImageGetProcess, "IMAGE_METADATA_TABLE"],
  ] as const) {
    it(`${entry.name} does not start without ${variable}`, () => {
      expect(() => withEnvironment({ ...environment, [variable]: undefined }, () => entry())).to.throw(
        `the environment variable ${variable} is not set`,
      );
    });
  }
});
