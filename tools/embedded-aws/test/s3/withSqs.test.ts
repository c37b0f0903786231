import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { join } from "node:path";
import { createS3, type S3Admin } from "../../s3/s3";
import { createSqs, type SqsAdmin } from "../../sqs/sqs";
import { startTestAws, type TestAws } from "../support/aws";

const arn = "arn:aws:sqs:eu-central-1:123456789012:uploads";
const notification = { id: "q", queueArn: arn, events: ["s3:ObjectCreated:*"], prefix: "", suffix: "" };

describe("S3 and SQS together", () => {
  let aws: TestAws;
  let s3: S3Admin;
  let sqs: SqsAdmin & { close(): void };
  beforeEach(async () => {
    aws = await startTestAws({
      services: ({ db, iam, place, dir }) => {
        const queues = createSqs({ db, iam, place });
        const buckets = createS3({ db, iam, place, dir: join(dir, "bodies"), sqs: queues });
        [s3, sqs] = [buckets, queues];
        return { s3: buckets, sqs: queues };
      },
    });
    s3.ensureBucket("photos");
  });
  afterEach(async () => {
    sqs.close();
    await aws.close();
  });

  /** The queue's policy as grant-destinations-permissions-to-s3 writes it. */
  const declareQueue = (sourceArn: string): void =>
    sqs.declareQueue({
      name: "uploads",
      attributes: {
        Policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "s3.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: arn,
            Condition: {
              ArnLike: { "aws:SourceArn": sourceArn },
              StringEquals: { "aws:SourceAccount": "123456789012" },
            },
          },
        }),
      },
    });

  it("delivers an upload's event to the queue that lets this bucket in", async () => {
    declareQueue("arn:aws:s3:::photos");
    s3.setNotifications("photos", [notification]);
    await aws.s3().send(new PutObjectCommand({ Bucket: "photos", Key: "a b.jpg", Body: "x" }));
    const QueueUrl = `${aws.url}/123456789012/uploads`;
    const bodies: string[] = [];
    while (bodies.length < 2) {
      const { Messages = [] } = await aws.sqs().send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      for (const { Body, ReceiptHandle } of Messages) {
        bodies.push(Body ?? "");
        await aws.sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    const test = bodies.filter((body) => body.includes("s3:TestEvent"));
    const [event] = bodies.filter((body) => body.includes('"Records"'));
    expect(test).to.have.length(1);
    expect(JSON.parse(event ?? "")).to.have.nested.property("Records[0].s3.object.key", "a+b.jpg");
  });

  it("refuses notifications to a queue that lets in another bucket only", () => {
    declareQueue("arn:aws:s3:::other");
    expect(() => s3.setNotifications("photos", [notification])).to.throw(
      "Unable to validate the following destination configurations",
    );
  });
});
