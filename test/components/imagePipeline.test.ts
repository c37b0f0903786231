import { expect } from "chai";

import { DeletePipeline } from "../../components/deletePipeline";
import { ImagePipeline } from "../../components/imagePipeline";
import { ImageStore } from "../../components/imageStore";
import type { RenditionSpec, UploadLimits } from "../../handlers/imageTypes";
import { functions } from "../support/functions";
import { declare, type Stack } from "../support/pulumi";

const imageTypes: RenditionSpec[] = [
  { imageType: "large", width: 100, height: 100, fit: "inside", format: "jpeg", quality: 80 },
];
const uploadLimits: UploadLimits = {
  acceptedFormats: ["jpeg"],
  acceptedExtensions: ["jpg"],
  maxBytes: 1000,
  maxPixels: 2000,
  maxSide: 1000,
  maxProportion: 100,
};
const common = { prefix: "", functions };

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const table = arn("dynamodb", "table/ImageMetadata");
const uploads = "arn:aws:s3:::snail-temp-images-test";
const images = "arn:aws:s3:::snail-images-test";
const allow = (Action: string[], Resource: string, Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const onlyNewObjects = { Null: { "s3:if-none-match": "false" } };
const deny = (Action: string[], Resource: string) => ({ Effect: "Deny", Action, Resource });
const ofEveryFunction = (name: string) => ({
  FunctionLogsPolicy: [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], arn("logs", `log-group:${name}-log:log-stream:*`)),
  ],
  XRayPolicy: [allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")],
});
const ofEveryQueue = (queue: string) => ({
  [`Poll${queue}Policy`]: [
    allow(
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
      arn("sqs", queue),
    ),
  ],
  [`Send${queue}DeadLettersPolicy`]: [allow(["sqs:SendMessage"], arn("sqs", `${queue}-dead-letters`))],
});

describe("the pipelines", () => {
  let stack: Stack;
  const variables = (name: string) =>
    (stack.one("Function", name).given.environment as { variables: Record<string, string> }).variables;
  const url = (queue: string) => stack.one("Queue", queue).state.url;

  before(async () => {
    stack = await declare(() => {
      const store = new ImageStore("store", { prefix: "", keepData: false });
      const deletions = new DeletePipeline("deletions", {
        ...common,
        store,
        maximumConcurrency: { ResolutionBasedImageDeleteProcess: 3 },
      });
      new ImagePipeline("images", {
        ...common,
        store,
        uploadLimits,
        imageTypes,
        deleteQueue: deletions.queue,
        latencyObjectiveSeconds: 30,
        maximumConcurrency: { RawImagePutProcess: 4, ResolutionBasedImagePutProcess: 5 },
      });
    });
  });

  it("turns every upload under images/ into a message", () => {
    expect(stack.inputs("BucketNotification")).to.deep.equal({
      bucket: "snail-temp-images-test",
      queues: [{ queueArn: arn("sqs", "PutRawImageQueue"), events: ["s3:ObjectCreated:*"], filterPrefix: "images/" }],
    });
  });

  it("sets the notification up once S3 may send", () => {
    expect(stack.dependencies("BucketNotification")).to.include("PutRawImageQueue-policy");
    expect(stack.inputs("QueuePolicy", "PutRawImageQueue-policy"))
      .to.have.nested.property("policy.Statement[1].Condition")
      .that.deep.equals({
        ArnEquals: { "aws:SourceArn": uploads },
        StringEquals: { "aws:SourceAccount": "123456789012" },
      });
  });

  it("gives each queue its own function and concurrency", () => {
    const mappings = stack
      .all("EventSourceMapping")
      .map(({ given }) => stack.legible(given) as Record<string, unknown>);
    expect(
      mappings.map(({ functionName, scalingConfig, batchSize }) => [functionName, scalingConfig, batchSize]),
    ).to.have.deep.members([
      ["RawImagePutProcess", { maximumConcurrency: 4 }, 4],
      ["ResolutionBasedImagePutProcess", { maximumConcurrency: 5 }, 4],
      ["ResolutionBasedImageDeleteProcess", { maximumConcurrency: 3 }, 10],
    ]);
  });

  it("lets RawImagePutProcess take uploads in, and nothing else", () => {
    expect(stack.policies("RawImagePutProcess-role")).to.deep.equal({
      ...ofEveryFunction("RawImagePutProcess"),
      ...ofEveryQueue("PutRawImageQueue"),
      SnailTempImagesGetAndDeletePolicy: [
        allow(["s3:GetObjectVersion", "s3:DeleteObjectVersion"], `${uploads}/images/*`),
        allow(["s3:ListBucket", "s3:ListBucketVersions"], uploads),
      ],
      SnailImagesBucketPutPolicy: [
        allow(["s3:PutObject"], `${images}/raw/*`, {
          StringLike: { "s3:x-amz-copy-source": "snail-temp-images-test/images/*" },
        }),
      ],
      SnailImagesBucketListPolicy: [allow(["s3:ListBucket"], images, { StringLike: { "s3:prefix": "raw/*" } })],
      ImageMetadataDynamoDBBasicPolicy: [allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], table)],
      SendPutResolutionBasedImageQueuePolicy: [allow(["sqs:SendMessage"], arn("sqs", "PutResolutionBasedImageQueue"))],
      SendDeleteResolutionBasedImageQueuePolicy: [
        allow(["sqs:SendMessage"], arn("sqs", "DeleteResolutionBasedImageQueue")),
      ],
    });
  });

  it("lets ResolutionBasedImagePutProcess read originals and write renditions, and nothing else", () => {
    expect(stack.policies("ResolutionBasedImagePutProcess-role")).to.deep.equal({
      ...ofEveryFunction("ResolutionBasedImagePutProcess"),
      ...ofEveryQueue("PutResolutionBasedImageQueue"),
      SnailImagesBucketGetPolicy: [allow(["s3:GetObject"], `${images}/raw/*`), allow(["s3:ListBucket"], images)],
      SnailImagesBucketPutPolicy: [
        allow(["s3:PutObject"], `${images}/*`, onlyNewObjects),
        deny(["s3:PutObject"], `${images}/raw/*`),
      ],
      SnailImagesBucketDeletePolicy: [
        allow(["s3:DeleteObject"], `${images}/*`),
        deny(["s3:DeleteObject"], `${images}/raw/*`),
      ],
      ImageMetadataDynamoDBBasicPolicy: [allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], table)],
      SendDeleteResolutionBasedImageQueuePolicy: [
        allow(["sqs:SendMessage"], arn("sqs", "DeleteResolutionBasedImageQueue")),
      ],
    });
  });

  it("lets RawImageDeleteProcess clear uploads and originals and ask for the rest, and nothing else", () => {
    expect(stack.policies("RawImageDeleteProcess-role")).to.deep.equal({
      ...ofEveryFunction("RawImageDeleteProcess"),
      SnailTempImagesGetAndDeletePolicy: [
        allow(["s3:DeleteObjectVersion"], `${uploads}/images/*`),
        allow(["s3:ListBucketVersions"], uploads, { StringLike: { "s3:prefix": "images/*" } }),
      ],
      SnailImagesBucketDeletePolicy: [allow(["s3:DeleteObject"], `${images}/raw/*`)],
      ImageMetadataDynamoDBBasicPolicy: [allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], table)],
      SendDeleteResolutionBasedImageQueuePolicy: [
        allow(["sqs:SendMessage"], arn("sqs", "DeleteResolutionBasedImageQueue")),
      ],
    });
  });

  it("lets ResolutionBasedImageDeleteProcess delete images and record it, and nothing else", () => {
    expect(stack.policies("ResolutionBasedImageDeleteProcess-role")).to.deep.equal({
      ...ofEveryFunction("ResolutionBasedImageDeleteProcess"),
      ...ofEveryQueue("DeleteResolutionBasedImageQueue"),
      SnailImagesBucketDeletePolicy: [
        allow(["s3:DeleteObject"], `${images}/*`),
        allow(["s3:ListBucket"], images, { StringLike: { "s3:prefix": "raw/*" } }),
      ],
      ImageMetadataDynamoDBBasicPolicy: [allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], table)],
    });
  });

  it("tells each function exactly what it uses", () => {
    const metadata = String(stack.one("Table").state.name);
    const bucket = (name: string) => String(stack.one("Bucket", name).state.bucket);
    const own = (name: string) => ({
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: "SnailImages/test",
      IMAGES_BUCKET: bucket("snail-images-test"),
      IMAGE_METADATA_TABLE: metadata,
    });
    const driver = (queue: string) => ({
      QUEUE_URL: url(queue),
      DEAD_LETTER_QUEUE_URL: url(`${queue}-dead-letters`),
      MAX_RECEIVE_COUNT: "10",
    });
    const decoder = { VIPS_BLOCK_UNTRUSTED: "1", MALLOC_ARENA_MAX: "1" };
    expect(variables("RawImagePutProcess")).to.deep.equal({
      ...own("RawImagePutProcess"),
      ...driver("PutRawImageQueue"),
      TEMP_IMAGES_BUCKET: bucket("snail-temp-images-test"),
      PUT_RESOLUTION_BASED_IMAGE_QUEUE_URL: url("PutResolutionBasedImageQueue"),
      DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: url("DeleteResolutionBasedImageQueue"),
      IMAGE_TYPES: '[{"imageType":"large","width":100,"height":100,"formats":["jpeg"]}]',
      UPLOAD_LIMITS: JSON.stringify(uploadLimits),
    });
    expect(variables("ResolutionBasedImagePutProcess")).to.deep.equal({
      ...own("ResolutionBasedImagePutProcess"),
      ...driver("PutResolutionBasedImageQueue"),
      ...decoder,
      IMAGES_AT_ONCE: "3",
      DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: url("DeleteResolutionBasedImageQueue"),
    });
    expect(variables("RawImageDeleteProcess")).to.deep.equal({
      ...own("RawImageDeleteProcess"),
      TEMP_IMAGES_BUCKET: bucket("snail-temp-images-test"),
      DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: url("DeleteResolutionBasedImageQueue"),
    });
    expect(variables("ResolutionBasedImageDeleteProcess")).to.deep.equal({
      ...own("ResolutionBasedImageDeleteProcess"),
      ...driver("DeleteResolutionBasedImageQueue"),
    });
  });

  it("gives functions the time and memory of their work", () => {
    const sizes = stack.all("Function").map(({ name, given }) => [name, given.timeout, given.memorySize]);
    expect(sizes).to.have.deep.members([
      ["RawImagePutProcess", 60, 512],
      ["ResolutionBasedImagePutProcess", 120, 1088],
      ["RawImageDeleteProcess", 28, 512],
      ["ResolutionBasedImageDeleteProcess", 60, 256],
    ]);
  });

  it("keeps the parts of a pipeline below it", () => {
    const above = (type: string, name: string) => stack.ancestors(stack.one(type, name));
    expect(above("Function", "RawImagePutProcess")).to.deep.equal([
      "ImageFunction RawImagePutProcess",
      "QueueFunction PutRawImageQueue",
      "ImagePipeline images",
    ]);
    expect(above("BucketNotification", "images-notification")).to.deep.equal(["ImagePipeline images"]);
    expect(above("Function", "RawImageDeleteProcess")).to.deep.equal([
      "ImageFunction RawImageDeleteProcess",
      "DeletePipeline deletions",
    ]);
  });
});
