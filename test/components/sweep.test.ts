import { expect } from "chai";

import { DeletePipeline } from "../../components/deletePipeline";
import { ImagePipeline } from "../../components/imagePipeline";
import { ImageStore } from "../../components/imageStore";
import { Sweep } from "../../components/sweep";
import { functions } from "../support/functions";
import { declare, type Stack } from "../support/pulumi";

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const allow = (Action: string[], Resource: string, Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition && { Condition }),
});

describe("Sweep", () => {
  let stack: Stack;
  before(async () => {
    stack = await declare(() => {
      const common = { prefix: "", functions, store: new ImageStore("store", { prefix: "", keepData: false }) };
      const deletions = new DeletePipeline("deletions", {
        ...common,
        maximumConcurrency: { ResolutionBasedImageDeleteProcess: 2 },
      });
      const images = new ImagePipeline("images", {
        ...common,
        uploadLimits: {
          acceptedFormats: ["jpeg"],
          acceptedExtensions: ["jpg"],
          maxBytes: 1,
          maxPixels: 1,
          maxSide: 1,
          maxProportion: 1,
        },
        imageTypes: [],
        deleteQueue: deletions.queue,
        latencyObjectiveSeconds: 30,
        maximumConcurrency: { RawImagePutProcess: 2, ResolutionBasedImagePutProcess: 2 },
      });
      new Sweep("sweep", { ...common, images, deletions });
    });
  });

  it("may list and send, write its own position, and nothing else", () => {
    const table = arn("dynamodb", "table/ImageMetadata");
    const send = (queue: string) => [allow(["sqs:SendMessage"], arn("sqs", queue))];
    expect(stack.policies("SweepProcess-role")).to.deep.equal({
      FunctionLogsPolicy: [
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], arn("logs", "log-group:SweepProcess-log:log-stream:*")),
      ],
      XRayPolicy: [allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")],
      SnailTempImagesListPolicy: [
        allow(["s3:ListBucketVersions"], "arn:aws:s3:::snail-temp-images-test", {
          StringLike: { "s3:prefix": "images/*" },
        }),
      ],
      SnailImagesBucketListPolicy: [allow(["s3:ListBucket"], "arn:aws:s3:::snail-images-test")],
      ImageMetadataDynamoDBBasicPolicy: [
        allow(["dynamodb:GetItem"], table),
        allow(["dynamodb:Query"], `${table}/index/byStatusShard`),
        allow(["dynamodb:UpdateItem"], table, { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["/sweep"] } }),
      ],
      SendPutRawImageQueuePolicy: send("PutRawImageQueue"),
      SendPutResolutionBasedImageQueuePolicy: send("PutResolutionBasedImageQueue"),
      SendDeleteResolutionBasedImageQueuePolicy: send("DeleteResolutionBasedImageQueue"),
    });
  });

  it("runs each hour, and EventBridge may invoke it for this rule alone", () => {
    expect(stack.inputs("EventRule", "SweepProcess-schedule")).to.deep.equal({
      description: "Looks for what got lost",
      scheduleExpression: "rate(1 hour)",
    });
    const sweep = stack.one("Function", "SweepProcess");
    const rule = stack.one("EventRule", "SweepProcess-schedule");
    expect(stack.one("EventTarget").given).to.deep.include({ arn: sweep.state.arn, rule: rule.state.name });
    expect(stack.one("Permission", "SweepProcess-permission").given).to.deep.include({
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.state.arn,
    });
    expect(sweep.given).to.include({ timeout: 300, memorySize: 256 });
  });
});
