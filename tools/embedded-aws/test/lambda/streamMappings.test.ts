import { expect } from "chai";
import { createDynamodb } from "../../dynamodb/dynamodb";
import { streamArn } from "../../dynamodb/streams";
import {
  createEventSourceMappings,
  type EventSourceMappings,
  type MappingDeclaration,
} from "../../lambda/eventSourceMappings";
import { createTable } from "../dynamodb/support";
import { type LambdaTest, startLambda } from "./support";

const TableName = "Things";

// AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB".
describe("Event source mappings of a stream", () => {
  let test: LambdaTest;
  let dynamodb: ReturnType<typeof createDynamodb>;
  let mappings: EventSourceMappings;
  let arn: string;
  let time: number;

  beforeEach(async () => {
    time = Date.UTC(2030, 0, 1);
    const now = () => time;
    test = await startLambda();
    const { lambda, sqs, announced, aws } = test;
    const { iam, place, db } = aws;
    dynamodb = createDynamodb({ db, dir: undefined, iam, place, sweepSeconds: 0, now });
    const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" };
    await createTable(dynamodb, TableName, { StreamSpecification });
    arn = streamArn(TableName, place);
    const announce = (line: string): void => void announced.push(line);
    const { streams } = dynamodb;
    mappings = createEventSourceMappings({ lambda, sqs, streams, iam, announce, retrySeconds: () => 0, now });
  });
  afterEach(async () => {
    await mappings.close();
    await dynamodb.close();
    await test.close();
  });

  const put = (original: string, imageType = "raw") =>
    dynamodb.call("PutItem", { TableName, Item: { original: { S: original }, imageType: { S: imageType } } });
  /** Declares function and mapping, with the grants that reading needs. */
  const declare = async (
    source: string,
    { stream, ...more }: Partial<MappingDeclaration> = {},
    actions = ["GetRecords", "GetShardIterator", "DescribeStream"],
  ): Promise<void> => {
    await test.declare("worker", source, { timeoutSeconds: 5 });
    const Statement = [
      { Effect: "Allow" as const, Action: actions.map((action) => `dynamodb:${action}`), Resource: arn },
      { Effect: "Allow" as const, Action: "dynamodb:ListStreams", Resource: "*" },
    ];
    test.aws.iam.putRolePolicy("worker-role", "read", { Statement });
    mappings.declareMapping({
      uuid: "m",
      eventSourceArn: arn,
      functionName: "worker",
      ...more,
      stream: { startingPosition: "TRIM_HORIZON", ...stream },
    });
  };
  const printed = (): string[] => test.lines.flatMap((line) => line.split("\tINFO\t").slice(1));
  const namesOf = "Records.map((r) => r.dynamodb.Keys.original.S)";
  const print = `exports.handler = async ({ Records }) => console.log(${namesOf}.join());`;
  const settle = async (): Promise<string[]> => {
    mappings.start();
    await mappings.whenIdle();
    return printed();
  };

  it("hand changes to the function in their order, also those that come later", async () => {
    await declare(print, { batchSize: 2 });
    for (const name of ["a", "b", "c"]) await put(name);
    expect(await settle()).to.deep.equal(["a,b", "c"]);
    await put("d");
    await mappings.whenIdle();
    expect(printed().at(-1)).to.equal("d");
  });

  it("begin with the changes that come after them, where LATEST is asked for", async () => {
    await put("before");
    await declare(print, { stream: { startingPosition: "LATEST" } });
    await put("after");
    expect(await settle()).to.deep.equal(["after"]);
  });

  it("go on where they stopped", async () => {
    await declare(print);
    await put("a");
    await settle();
    mappings.removeMapping("m");
    await put("b");
    await declare(print);
    await mappings.whenIdle();
    expect(printed()).to.deep.equal(["a", "b"]);
  });

  it("keep what no filter lets pass from the function", async () => {
    const filters = [
      '{"dynamodb":{"Keys":{"imageType":{"S":["raw"]}},"NewImage":{"original":{"S":[{"exists":true}]}}}}',
    ];
    await declare(print, { stream: { filters } });
    await put("a");
    await put("b", "position");
    await dynamodb.call("DeleteItem", { TableName, Key: { original: { S: "a" }, imageType: { S: "raw" } } });
    await put("c");
    expect(await settle()).to.deep.equal(["a,c"]);
  });

  it("try a batch again that failed, and none after it before that", async () => {
    await declare(`let calls = 0; exports.handler = async ({ Records }) => {
      console.log(${namesOf}.join());
      if (calls++ < 2) throw new Error("not yet");
    };`);
    await put("a");
    await put("b");
    expect(await settle()).to.deep.equal(["a,b", "a,b", "a,b"]);
  });

  it("go on at the first change that the function reports", async () => {
    await declare(
      `let calls = 0; exports.handler = async ({ Records }) => {
        console.log(${namesOf}.join());
        const failed = calls++ === 0 ? Records.slice(1).reverse() : [];
        return { batchItemFailures: failed.map((r) => ({ itemIdentifier: r.dynamodb.SequenceNumber })) };
      };`,
      { functionResponseTypes: ["ReportBatchItemFailures"] },
    );
    for (const name of ["a", "b", "c"]) await put(name);
    expect(await settle()).to.deep.equal(["a,b,c", "b,c"]);
  });

  it("take a report of another change for the failure of all", async () => {
    await declare(
      `let calls = 0; exports.handler = async ({ Records }) => {
        console.log(${namesOf}.join());
        return { batchItemFailures: calls++ === 0 ? [{ itemIdentifier: "7" }] : [] };
      };`,
      { functionResponseTypes: ["ReportBatchItemFailures"] },
    );
    await put("a");
    expect(await settle()).to.deep.equal(["a", "a"]);
  });

  it("halve a batch until the change that fails is alone, and give it up after its last try", async () => {
    await declare(
      `exports.handler = async ({ Records }) => {
        console.log(${namesOf}.join());
        if (${namesOf}.includes("bad")) throw new Error("bad");
      };`,
      { stream: { bisects: true, maximumRetryAttempts: 1 } },
    );
    for (const name of ["a", "b", "bad", "c"]) await put(name);
    expect(await settle()).to.deep.equal(["a,b,bad,c", "a,b", "bad,c", "bad", "bad", "c"]);
    expect(test.announced.join()).to.contain("1 changes are given up: RetryAttemptsExhausted");
  });

  it("give up changes that are older than allowed, and tell the destination where they were", async () => {
    const onFailure = "arn:aws:sqs:eu-central-1:123456789012:lost";
    test.sqs.declareQueue({ name: "lost", attributes: {} });
    await declare(print, { stream: { maximumRecordAgeSeconds: 60, onFailure } });
    const Statement = { Effect: "Allow" as const, Action: "sqs:SendMessage", Resource: onFailure };
    test.aws.iam.putRolePolicy("worker-role", "tell", { Statement });
    await put("old");
    time += 61_000;
    await put("new");
    expect(await settle()).to.deep.equal(["new"]);
    expect(test.announced.join()).to.contain("1 changes are given up: RecordAgeExceeded");
    const [message] = await test.sqs.receive(onFailure, { max: 10, waitSeconds: 0, principal: test.owner });
    const notice = JSON.parse(message?.body ?? "{}") as Record<string, Record<string, unknown>>;
    expect(notice.requestContext).to.include({ condition: "RecordAgeExceeded", functionArn: test.arn("worker") });
    expect(notice.DDBStreamBatchInfo).to.include({
      approximateArrivalOfFirstRecord: "2030-01-01T00:00:00Z",
      batchSize: 1,
      streamArn: arn,
    });
    const topic = { uuid: "n", eventSourceArn: arn, functionName: "worker" };
    const stream = { startingPosition: "LATEST", onFailure: "arn:aws:sns:eu-central-1:123456789012:t" };
    expect(() => mappings.declareMapping({ ...topic, stream })).to.throw("are not queues");
  });

  it("are refused where the role may not read the stream, and where there is none", async () => {
    await declare(print, {}, ["GetRecords", "DescribeStream"]);
    expect(() => mappings.start()).to.throw(/Cannot access stream .* dynamodb:GetShardIterator/);
    const other = { uuid: "n", eventSourceArn: `${arn}x`, functionName: "worker" };
    expect(() => mappings.declareMapping(other)).to.throw("Stream not found");
    expect(() => mappings.declareMapping({ ...other, eventSourceArn: arn })).to.throw("StartingPosition");
    const twin = { ...other, eventSourceArn: arn, stream: { startingPosition: "LATEST" } };
    expect(() => mappings.declareMapping(twin)).to.throw("with DynamoDB arn");
    expect(() => mappings.declareMapping({ ...twin, batchSize: 0 })).to.throw("BatchSize");
  });
});
