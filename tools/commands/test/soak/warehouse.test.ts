import { randomUUID } from "node:crypto";

import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, PutCommand, type NativeAttributeValue } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import sharp from "sharp";

import { generationOf, keysOf, manifestFor, sha256 } from "../../../../handlers/protocol/generation";
import type { RawRecord } from "../../../../handlers/records";
import { startEmptyAws } from "../../../embedded-aws";
import { violationsAtRest, type Operation } from "../../../fault-search";
import { makePalette, type Palette } from "../../soak/pictures";
import { Warehouse } from "../../soak/warehouse";

const name = "a b.jpg";
type Aws = Awaited<ReturnType<typeof startEmptyAws>>;

/** A service's stores on an embedded AWS, with one image in them, whole and READY. */
async function openStores(aws: Aws, palette: Palette) {
  const prefix = randomUUID();
  const [images, temp, table] = [`${prefix}-images`, `${prefix}-temp`, prefix];
  const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
  const sqs = new SQSClient(aws.client);
  const items = DynamoDBDocumentClient.from(new DynamoDBClient(aws.client));
  for (const Bucket of [images, temp]) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: temp, VersioningConfiguration: { Status: "Enabled" } }));
  const KeySchema = [
    { AttributeName: "original", KeyType: "HASH" as const },
    { AttributeName: "imageType", KeyType: "RANGE" as const },
  ];
  const AttributeDefinitions = KeySchema.map(({ AttributeName }) => ({ AttributeName, AttributeType: "S" as const }));
  const BillingMode = "PAY_PER_REQUEST";
  await items.send(new CreateTableCommand({ TableName: table, KeySchema, AttributeDefinitions, BillingMode }));
  const [queue = "", deadLetters = ""] = await Promise.all(
    [prefix, `${prefix}-dead-letters`].map(
      async (QueueName) => (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl,
    ),
  );

  const picture = palette.pick(0);
  const rendition = await sharp(picture).resize(10, 8).png().toBuffer();
  const contentHash = sha256(picture);
  const generation = generationOf(contentHash, "v1");
  const preview = { placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI", dominantColour: "#808080" };
  const record: RawRecord = {
    original: name,
    id: "i",
    epoch: 0,
    status: "READY",
    sequencer: "10",
    generation,
    contentHash,
    format: "jpeg",
    ...preview,
    renditions: [{ imageType: "small", format: "png", bytes: rendition.byteLength, width: 10, height: 8 }],
    statusShard: "READY#0",
    listPosition: "2030-01-01T00:00:00.000Z i",
    createdAt: "2030-01-01T00:00:00.000Z",
    updatedAt: "2030-01-01T00:00:00.000Z",
  };
  const { original = "", renditions } = keysOf(name, manifestFor(record) ?? "");
  const [imageId = ""] = renditions;
  const put = (Bucket: string, Key: string, Body: Uint8Array) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const putItem = (Item: Record<string, NativeAttributeValue>) =>
    items.send(new PutCommand({ TableName: table, Item }));
  await put(images, original, picture);
  await put(images, imageId, rendition);
  await putItem({ ...record, imageType: "raw", imageId: original });

  const { endpoint, region, credentials } = aws.client;
  const upload = { contentHash, versionId: "v1", outcomes: ["READY" as const] };
  const history: Operation[] = [{ kind: "put", name, start: 0, end: 1, acknowledged: true, upload }];
  const resources = {
    "snail-images": { type: "aws:s3/bucket:Bucket", id: images },
    "snail-temp-images": { type: "aws:s3/bucket:Bucket", id: temp },
    ImageMetadata: { type: "aws:dynamodb/table:Table", id: table },
    q: { type: "aws:sqs/queue:Queue", id: queue },
    "q-dead-letters": { type: "aws:sqs/queue:Queue", id: deadLetters },
  };
  const warehouse = new Warehouse({
    api: "",
    aws: endpoint,
    accountId: "",
    region,
    resources,
    outputs: {},
    ...credentials,
  });
  const url = `${endpoint}/${images}/${imageId.split("/").map(encodeURIComponent).join("/")}?X-Amz-Signature=1`;
  const answer = {
    status: "READY",
    reason: undefined as string | undefined,
    ...preview,
    renditions: [{ imageType: "small", url }],
  };
  return {
    history,
    answer,
    record: { ...record, imageType: "raw", imageId: original },
    imageId,
    putItem,
    putImage: (key: string, bytes: Uint8Array) => put(images, key, bytes),
    putUpload: (key: string) => put(temp, key, Buffer.from("x")),
    delete: (Key: string) => s3.send(new DeleteObjectCommand({ Bucket: images, Key })),
    send: (to: "queue" | "deadLetters") =>
      sqs.send(new SendMessageCommand({ QueueUrl: to === "queue" ? queue : deadLetters, MessageBody: "{}" })),
    stored: () => warehouse.stored(palette, () => Promise.resolve(Response.json(answer))),
    close() {
      for (const client of [s3, sqs, items]) client.destroy();
      warehouse.close();
    },
  };
}
type Stores = Awaited<ReturnType<typeof openStores>>;

/** Each invariant at rest, broken on purpose in what the service has stored. */
const breaches: [string, string, (stores: Stores) => unknown][] = [
  ["I1", "an image that stays PROCESSING", ({ putItem, record }) => putItem({ ...record, status: "PROCESSING" })],
  [
    "I2",
    "an image that was deleted",
    ({ history }) => history.push({ kind: "delete", name, start: 5, end: 6, acknowledged: true }),
  ],
  ["I3", "an upload that no client made", ({ history }) => (history[0]!.upload!.versionId = "v9")],
  ["I4", "an upload that is left", ({ putUpload }) => putUpload(`images/${name}`)],
  ["I5", "an object to which no record refers", ({ putImage }) => putImage("raw/b.jpg/1.jpg", Buffer.from("x"))],
  ["I5", "a record that refers to a missing object", (stores) => stores.delete(stores.imageId)],
  [
    "READY",
    "a rendition of another size",
    async ({ putImage, imageId }) => putImage(imageId, (await makePalette()).pick(0)),
  ],
  [
    "I5",
    "a cancelled upload that is never removed",
    ({ putItem, record }) => putItem({ ...record, cancelled: new Set(["v2"]) }),
  ],
  [
    "I7",
    "a rendition of another picture",
    async ({ putImage, imageId }) => putImage(imageId, (await makePalette()).pick(0.99)),
  ],
  ["I8", "a message that is left", ({ send }) => send("queue")],
  ["I8", "a healthy dead letter", ({ send }) => send("deadLetters")],
  ["GET", "a status that is not the record's", ({ answer }) => (answer.status = "PROCESSING")],
];

describe("the soak's reading of a running service", function () {
  this.timeout(60_000);
  let aws: Aws;
  let palette: Palette;
  let stores: Stores;
  before(async () => {
    aws = await startEmptyAws();
    palette = await makePalette();
  });
  beforeEach(async () => (stores = await openStores(aws, palette)));
  afterEach(() => stores.close());
  after(() => aws.close());

  const found = async (): Promise<string[]> =>
    [...violationsAtRest(await stores.stored(), stores.history)].map(({ message }) => message);

  it("finds nothing wrong with a whole image", async () => {
    expect(await found()).to.deep.equal([]);
  });

  for (const [invariant, title, breach] of breaches) {
    it(`shows ${invariant}: ${title}`, async () => {
      await breach(stores);
      expect((await found()).map((message) => message.split(":")[0])).to.include(invariant);
    });
  }
});
