import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import {
  createEventSourceMappings,
  type EventSourceMappings,
  type MappingDeclaration,
} from "../../lambda/eventSourceMappings";
import { type LambdaTest, startLambda } from "./support";

interface SqsRecord extends Record<string, unknown> {
  body: string;
  messageId: string;
  attributes: Record<string, string>;
}

/** Prints its event, and reports records that have not been received often enough. */
const counting = `exports.handler = async (event) => {
  console.log(JSON.stringify(event));
  const failed = event.Records.filter((r) => JSON.parse(r.body).fail_attempts >= Number(r.attributes.ApproximateReceiveCount));
  return { batchItemFailures: failed.map((r) => ({ itemIdentifier: r.messageId })) };
};`;
/** Prints its event, and fails while a record has not been received often enough. */
const failing = `exports.handler = async (event) => {
  console.log(JSON.stringify(event));
  for (const r of event.Records)
    if (JSON.parse(r.body).fail_attempts >= Number(r.attributes.ApproximateReceiveCount)) throw new Error("failed attempt");
};`;
const answering = (result: string): string =>
  `exports.handler = async (event) => { console.log(JSON.stringify(event)); return ${result}; };`;
const reports = { functionResponseTypes: ["ReportBatchItemFailures"] };

// Answers of AWS, as LocalStack's tests of the names in brackets recorded them.
describe("Event source mappings, as recorded", () => {
  let test: LambdaTest;
  let mappings: EventSourceMappings;
  beforeEach(async () => {
    test = await startLambda();
    const { lambda, sqs, aws, announced } = test;
    const announce = (line: string): void => void announced.push(line);
    mappings = createEventSourceMappings({ lambda, sqs, iam: aws.iam, announce, retrySeconds: () => 0 });
    sqs.declareQueue({ name: "dead", attributes: {} });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn("dead"), maxReceiveCount: 2 });
    sqs.declareQueue({ name: "work", attributes: { RedrivePolicy } });
  });
  afterEach(async () => {
    await mappings.close();
    await test.close();
  });
  const arn = (name: string): string => `arn:aws:sqs:eu-central-1:123456789012:${name}`;
  const url = (name: string): string => `${test.aws.url}/123456789012/${name}`;
  const declare = async (
    source: string,
    more: Partial<MappingDeclaration> = {},
    concurrency?: number,
  ): Promise<void> => {
    await test.declare("worker", source, { timeoutSeconds: 5, reservedConcurrency: concurrency });
    const Action = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((action) => `sqs:${action}`);
    test.aws.iam.putRolePolicy("worker-role", "poll", {
      Statement: { Effect: "Allow", Action, Resource: arn("work") },
    });
    mappings.declareMapping({ uuid: "m", eventSourceArn: arn("work"), functionName: "worker", ...more });
  };
  const send = (...bodies: unknown[]): void => {
    for (const body of bodies)
      test.sqs.deliver(arn("work"), typeof body === "string" ? body : JSON.stringify(body), test.owner);
  };
  const run = async (): Promise<SqsRecord[][]> => {
    mappings.start();
    await mappings.whenIdle();
    const printed = test.lines.flatMap((line) => line.split("\tINFO\t").slice(1));
    return printed.map((line) => (JSON.parse(line) as { Records: SqsRecord[] }).Records);
  };
  const counts = (batches: SqsRecord[][]) =>
    batches.map((records) => records.map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount]));
  const deadLetters = async (): Promise<(string | undefined)[]> => {
    const command = new ReceiveMessageCommand({ QueueUrl: url("dead"), MaxNumberOfMessages: 10 });
    return ((await test.aws.sqs().send(command)).Messages ?? []).map(({ Body }) => Body);
  };

  it("a failed message comes again, once more received (test_failing_lambda_retries_after_visibility_timeout)", async () => {
    await declare(failing, { batchSize: 1 });
    const body = JSON.stringify({ fail_attempts: 1 });
    send(body);
    const batches = await run();
    expect(counts(batches)).to.deep.equal([[[body, "1"]], [[body, "2"]]]);
    const [first, second] = batches.flat();
    expect(second?.messageId).to.equal(first?.messageId);
    expect(second?.receiptHandle).to.not.equal(first?.receiptHandle);
    expect(first).to.have.all.keys(
      ...["messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfBody"],
      ...["eventSource", "eventSourceARN", "awsRegion"],
    );
    expect(await deadLetters()).to.deep.equal([]);
  });

  it("attributes and their digest (test_message_body_and_attributes_passed_correctly)", async () => {
    await declare(failing);
    const attribute = (DataType: string, StringValue: string) => ({ DataType, StringValue });
    await test.aws.sqs().send(
      new SendMessageCommand({
        QueueUrl: url("work"),
        MessageBody: JSON.stringify({ fail_attempts: 0 }),
        MessageAttributes: {
          Title: attribute("String", "The Whistler"),
          Author: attribute("String", "John Grisham"),
          WeeksOn: attribute("Number", "6"),
        },
      }),
    );
    const [[record]] = (await run()) as [[SqsRecord]];
    const passed = (dataType: string, stringValue: string) => ({
      stringValue,
      stringListValues: [],
      binaryListValues: [],
      dataType,
    });
    expect(record).to.deep.include({
      messageAttributes: {
        Title: passed("String", "The Whistler"),
        Author: passed("String", "John Grisham"),
        WeeksOn: passed("Number", "6"),
      },
      md5OfMessageAttributes: "d25a6aea97eb8f585bfa92d314504a92",
    });
  });

  it("after its last receive a message is a dead letter (test_redrive_policy_with_failing_lambda)", async () => {
    await declare(failing, { batchSize: 1 });
    const body = JSON.stringify({ fail_attempts: 2 });
    send(body);
    expect(counts(await run())).to.deep.equal([[[body, "1"]], [[body, "2"]]]);
    expect(await deadLetters()).to.deep.equal([body]);
  });

  it("only reported records come again (test_report_batch_item_failures)", async () => {
    await declare(counting, reports);
    const [one, two, three, four] = [0, 1, 1, 2].map((fails, i) =>
      JSON.stringify({ message: i + 1, fail_attempts: fails }),
    );
    send(one, two, three, four);
    const batches = await run();
    const all = counts(batches).flat();
    // The recording is of a FIFO queue: which messages share a batch is not told for others.
    expect(all.map(([body, count]) => `${String(count)} ${String(body)}`).sort()).to.deep.equal(
      [`1 ${one}`, `1 ${two}`, `1 ${three}`, `1 ${four}`, `2 ${two}`, `2 ${three}`, `2 ${four}`].sort(),
    );
    expect(await deadLetters()).to.deep.equal([four]);
  });

  it("an error fails the whole batch (test_report_batch_item_failures_on_lambda_error)", async () => {
    await declare(counting, reports);
    const fine = JSON.stringify({ message: 2, fail_attempts: 0 });
    send("{not a json body", fine);
    expect((await run()).map((records) => records.length)).to.deep.equal([2, 2]);
    expect((await deadLetters()).sort()).to.deep.equal([fine, "{not a json body"].sort());
  });

  it("a report that is none fails the batch (test_report_batch_item_failures_invalid_result_json_batch_fails)", async () => {
    await declare(answering('{ batchItemFailures: [{ foo: "notvalid" }] }'), reports);
    const body = JSON.stringify({ message: 1, fail_attempts: 0 });
    send(body);
    expect(counts(await run())).to.deep.equal([[[body, "1"]], [[body, "2"]]]);
    expect(await deadLetters()).to.deep.equal([body]);
  });

  it("an empty answer is a success (test_report_batch_item_failures_empty_json_batch_succeeds)", async () => {
    await declare(answering("{}"), reports);
    send("a");
    expect(counts(await run())).to.deep.equal([[["a", "1"]]]);
    expect(await deadLetters()).to.deep.equal([]);
  });

  it("ten messages make a batch, more need a window (test_event_source_mapping_default_batch_size)", async () => {
    await declare(answering("null"));
    send(...Array.from({ length: 11 }, (_, i) => String(i)));
    // Two invocations at the same time end in any order.
    expect((await run()).map((records) => records.length)).to.have.members([10, 1]);
    expect(() =>
      mappings.declareMapping({ uuid: "m", eventSourceArn: arn("work"), functionName: "worker", batchSize: 11 }),
    )
      .to.throw("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
      .that.includes({ code: "InvalidParameterValueException", status: 400 });
  });

  it("with a window the missing digest of attributes is null (test_sqs_event_source_mapping)", async () => {
    await declare(answering("null"), { batchSize: 1, batchingWindowSeconds: 1 });
    send("a");
    const [[record]] = (await run()) as [[SqsRecord]];
    expect(record).to.deep.include({ messageAttributes: {}, md5OfMessageAttributes: null });
  });

  it("a batch of 15 is filled by several receives (test_sqs_event_source_mapping_batch_size[15])", async () => {
    await declare(answering("null"), { batchSize: 15, batchingWindowSeconds: 10 });
    const bodies = Array.from({ length: 15 }, (_, i) => `${i}-message`);
    send(...bodies);
    const batches = await run();
    expect(batches.map((records) => records.map(({ body }) => body).sort())).to.deep.equal([bodies.sort()]);
  });

  it("30 messages are two batches of up to 20 (test_sqs_event_source_mapping_batching_reserved_concurrency)", async () => {
    await declare(answering("null"), { batchSize: 20, batchingWindowSeconds: 1, maximumConcurrency: 2 }, 2);
    send(...Array.from({ length: 30 }, (_, i) => String(i)));
    const batches = await run();
    expect(batches).to.have.length(2);
    expect(batches.flat()).to.have.length(30);
  });

  it("a second mapping of queue and function is refused (test_duplicate_event_source_mappings)", async () => {
    await declare(answering("null"));
    expect(() => mappings.declareMapping({ uuid: "n", eventSourceArn: arn("work"), functionName: "worker" }))
      .to.throw(
        `An event source mapping with SQS arn (" ${arn("work")} ") and function (" worker ") already exists. ` +
          "Please update or delete the existing mapping with UUID m",
      )
      .that.includes({ code: "ResourceConflictException", status: 409 });
  });

  it("a queue that does not exist (test_esm_with_not_existing_sqs_queue)", async () => {
    const none = test.aws.sqs().send(new GetQueueUrlCommand({ QueueName: "none" }));
    expect(await none.catch((error: unknown) => (error as Error).name)).to.equal("QueueDoesNotExist");
    const refused = await declare(answering("null"), { eventSourceArn: arn("none") }).catch((error: unknown) => error);
    expect(refused).to.include({
      code: "InvalidParameterValueException",
      status: 400,
      message:
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. " +
        "SQS Error Message: The specified queue does not exist.",
    });
  });
});
