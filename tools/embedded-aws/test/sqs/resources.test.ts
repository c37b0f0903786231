import { expect } from "chai";
import type { Inputs } from "../../resourceType";
import { sqsResourceTypes } from "../../sqs/resources";
import { type SqsTest, startSqs } from "./support";
import { stateOf } from "../support/stateOf";

describe("SQS resource types", () => {
  let test: SqsTest;
  beforeEach(async () => (test = await startSqs()));
  afterEach(() => test.close());

  /** Declares a resource as the local run does. */
  const declare = async (type: string, inputs: Inputs): Promise<Inputs & { id: string }> => {
    const resourceType = sqsResourceTypes[type]!;
    const state = stateOf(sqsResourceTypes, type, { name: "x", inputs, place: test.aws.place });
    await resourceType.apply?.(
      { sqs: test.service },
      { type, name: "x", inputs, id: state.id, state: { ...inputs, ...state } },
    );
    return state;
  };
  const queue = (inputs: Inputs) => declare("aws:sqs/queue:Queue", inputs);

  it("give queues AWS's ARN, their URL as id, and the provider's defaults", async () => {
    expect(await queue({ name: "work", visibilityTimeoutSeconds: 60 })).to.include({
      id: `${test.aws.url}/123456789012/work`,
      url: `${test.aws.url}/123456789012/work`,
      arn: "arn:aws:sqs:eu-central-1:123456789012:work",
      visibilityTimeoutSeconds: 60,
      messageRetentionSeconds: 345_600,
      maxMessageSize: 262_144,
    });
  });

  it("create queues with the attributes of their properties", async () => {
    const { arn } = await queue({ name: "dead" });
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 });
    await queue({ name: "work", delaySeconds: 3, redrivePolicy, sqsManagedSseEnabled: false, tags: { a: "b" } });
    expect(test.service.attributesOf(test.arn("work"))).to.deep.equal({
      DelaySeconds: "3",
      MaximumMessageSize: "262144",
      MessageRetentionPeriod: "345600",
      ReceiveMessageWaitTimeSeconds: "0",
      RedrivePolicy: redrivePolicy,
      SqsManagedSseEnabled: "false",
      VisibilityTimeout: "30",
    });
  });

  it("set policies on queues that exist, by their URL", async () => {
    const dead = await queue({ name: "dead" });
    const work = await queue({ name: "work" });
    const Statement = { Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: "*" };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement });
    const allow = JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [work.arn] });
    const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 5 });
    const { id } = await declare("aws:sqs/queuePolicy:QueuePolicy", { queueUrl: work.url, policy });
    expect(id).to.equal(work.url);
    await declare("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", { queueUrl: dead.url, redriveAllowPolicy: allow });
    await declare("aws:sqs/redrivePolicy:RedrivePolicy", { queueUrl: work.url, redrivePolicy: redrive });
    expect(test.service.attributesOf(test.arn("work"))).to.include({ Policy: policy, RedrivePolicy: redrive });
    expect(test.service.attributesOf(test.arn("dead"))).to.include({ RedriveAllowPolicy: allow });
  });

  it("refuse FIFO queues", async () => {
    let message = "";
    await queue({ name: "work.fifo", fifoQueue: true }).catch((error: unknown) => (message = String(error)));
    expect(message).to.contain("FIFO");
  });
});
