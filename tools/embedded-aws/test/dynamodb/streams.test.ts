import { expect } from "chai";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../database";
import { streamArn, type StreamRecord } from "../../dynamodb/streams";
import { clientOf, createTable, failureOf, owner, place, recordingIam, startDynamodb } from "./support";
import { DescribeTableCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";

const TableName = "Things";
const arn = streamArn(TableName, place);
const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" };
const item = (n: number, value: string) => ({
  original: { S: String(n) },
  imageType: { S: "raw" },
  value: { S: value },
});
const keyOf = ({ original, imageType }: ReturnType<typeof item>) => ({ original, imageType });

// DynamoDB Developer Guide, "Change data capture for DynamoDB Streams".
describe("DynamoDB streams", () => {
  let now: number;
  let dynamodb: ReturnType<typeof startDynamodb>;
  const begin = async (more: Record<string, unknown> = { StreamSpecification }): Promise<void> => {
    now = Date.UTC(2030, 0, 1);
    dynamodb = startDynamodb({ now: () => now });
    await createTable(dynamodb, TableName, more);
  };
  afterEach(() => dynamodb.close());

  const put = (n: number, value: string) => dynamodb.call("PutItem", { TableName, Item: item(n, value) });
  const read = (after = "", most = 100): Promise<StreamRecord[]> => dynamodb.streams.read(arn, after, most, owner);
  /** Event, old and new value of each change. */
  const told = async (): Promise<(string | undefined)[][]> =>
    (await read()).map(({ eventName, dynamodb: { OldImage, NewImage } }) => [
      eventName,
      OldImage?.value?.S as string | undefined,
      NewImage?.value?.S as string | undefined,
    ]);

  it("tell of each change of an item with what it was and what it is", async () => {
    await begin();
    await put(1, "a");
    await dynamodb.call("UpdateItem", {
      TableName,
      Key: keyOf(item(1, "")),
      UpdateExpression: "SET #v = :v",
      ExpressionAttributeNames: { "#v": "value" },
      ExpressionAttributeValues: { ":v": { S: "b" } },
    });
    await dynamodb.call("DeleteItem", { TableName, Key: keyOf(item(1, "")) });
    expect(await told()).to.deep.equal([
      ["INSERT", undefined, "a"],
      ["MODIFY", "a", "b"],
      ["REMOVE", "b", undefined],
    ]);
    const [{ dynamodb: change, eventID, ...record }] = (await read()) as [StreamRecord];
    expect(eventID).to.match(/^[0-9a-f]{32}$/);
    expect(record).to.deep.equal({
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: place.region,
      eventSourceARN: arn,
    });
    expect(change).to.deep.include({
      ApproximateCreationDateTime: now / 1000,
      Keys: keyOf(item(1, "")),
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
  });

  it("tell of batches and transactions, but neither of a write that fails nor of one that changes nothing", async () => {
    await begin();
    await dynamodb.call("BatchWriteItem", {
      RequestItems: { [TableName]: [{ PutRequest: { Item: item(1, "a") } }, { PutRequest: { Item: item(2, "a") } }] },
    });
    await put(1, "a");
    await dynamodb.call("TransactWriteItems", {
      TransactItems: [{ Put: { TableName, Item: item(1, "b") } }, { Delete: { TableName, Key: keyOf(item(2, "")) } }],
    });
    const ConditionExpression = "attribute_not_exists(original)";
    await failureOf(dynamodb.call("PutItem", { TableName, Item: item(1, "c"), ConditionExpression }));
    await failureOf(
      dynamodb.call("TransactWriteItems", {
        TransactItems: [
          { Put: { TableName, Item: item(3, "c") } },
          { Put: { TableName, Item: item(1, "c"), ConditionExpression } },
        ],
      }),
    );
    const changes = await told();
    expect(changes.slice(0, 2)).to.deep.equal([
      ["INSERT", undefined, "a"],
      ["INSERT", undefined, "a"],
    ]);
    expect(changes.slice(2)).to.deep.equal([
      ["MODIFY", "a", "b"],
      ["REMOVE", "a", undefined],
    ]);
  });

  it("have numbers that grow, by which a reader goes on", async () => {
    await begin();
    await Promise.all(Array.from({ length: 20 }, (_, n) => put(n, "a")));
    const numbers = (await read()).map(({ dynamodb: { SequenceNumber } }) => SequenceNumber);
    expect(numbers)
      .to.have.length(20)
      .and.deep.equal([...numbers].sort());
    expect(await read("", 5)).to.have.length(5);
    expect((await read(numbers[4])).map(({ dynamodb: { SequenceNumber } }) => SequenceNumber)).to.deep.equal(
      numbers.slice(5),
    );
    expect(dynamodb.streams.newest(arn)).to.equal(numbers[19]);
  });

  it("say that DynamoDB itself removed what had expired, and forget changes after a day", async () => {
    await begin();
    const TimeToLiveSpecification = { AttributeName: "expires", Enabled: true };
    await dynamodb.call("UpdateTimeToLive", { TableName, TimeToLiveSpecification });
    await dynamodb.call("PutItem", { TableName, Item: { ...item(1, "a"), expires: { N: String(now / 1000 + 60) } } });
    now += 61_000;
    await dynamodb.sweep();
    const [, removal] = await read();
    expect(removal).to.deep.include({
      eventName: "REMOVE",
      userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
    });
    now += 25 * 60 * 60 * 1000;
    await dynamodb.sweep();
    expect(await read()).to.deep.equal([]);
  });

  it("have the images that were asked for, and are described with their table", async () => {
    await begin({});
    const client = clientOf(dynamodb);
    const change = (StreamViewType: "KEYS_ONLY" | "NEW_IMAGE") =>
      client.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: true, StreamViewType } }));
    await put(1, "a");
    await change("KEYS_ONLY");
    await put(2, "a");
    const again = await failureOf(change("KEYS_ONLY"));
    expect(again.message).to.equal(`Table already has an enabled stream: TableName: ${TableName}`);
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table).to.deep.include({
      LatestStreamArn: arn,
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    });
    const records = await read();
    expect(records.map(({ dynamodb: { Keys, NewImage, OldImage } }) => [Keys, NewImage, OldImage])).to.deep.equal([
      [keyOf(item(2, "")), undefined, undefined],
    ]);
    await client.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }));
    expect(dynamodb.streams.exists(arn)).to.equal(false);
    const unknown = await failureOf(
      dynamodb.call("UpdateTable", { TableName, StreamSpecification: { StreamEnabled: true } }),
    );
    expect(unknown.message).to.contain("StreamViewType is required");
  });

  it("are read with the grants that Lambda asks for", async () => {
    const iam = recordingIam(({ action }) => action === "dynamodb:GetShardIterator");
    dynamodb = startDynamodb({ iam });
    await createTable(dynamodb, TableName, { StreamSpecification });
    expect(() => dynamodb.streams.authorize(arn, owner)).to.throw("dynamodb:GetShardIterator");
    await dynamodb.streams.read(arn, "", 1, owner);
    expect(iam.questions.at(-1)).to.deep.include({ action: "dynamodb:GetRecords", resource: arn });
  });
});

/** Writes items one after another for ever and says the number of each one that was acknowledged. */
const writer = `
  require("ts-node/register");
  const { join } = require("node:path");
  const { openDatabase } = require("./tools/embedded-aws/database");
  const { createTable, startDynamodb } = require("./tools/embedded-aws/test/dynamodb/support");
  (async () => {
    const [, dir] = process.argv;
    const dynamodb = startDynamodb({ dir, db: openDatabase(join(dir, "settings.sqlite")) });
    await createTable(dynamodb, "${TableName}", { StreamSpecification: ${JSON.stringify(StreamSpecification)} });
    for (let n = 0; ; n++) {
      await dynamodb.call("PutItem", { TableName: "${TableName}", Item: { original: { S: String(n) }, imageType: { S: "raw" } } });
      process.stdout.write(n + "\\n");
    }
  })();
`;

describe("DynamoDB streams: durability", () => {
  it("keep the change of every item that a killed process acknowledged", async () => {
    const dir = mkdtempSync(join(tmpdir(), "streams-"));
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "-e", writer, dir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.split("\n").length > 200) child.kill("SIGKILL");
    }
    const acknowledged = output.split("\n").slice(0, -1).length;
    const dynamodb = startDynamodb({ dir, db: openDatabase(join(dir, "settings.sqlite")) });
    const scanned = (await dynamodb.call("Scan", { TableName })).Count;
    const told = (await dynamodb.streams.read(arn, "", 1e6, owner)).length;
    await dynamodb.close();
    rmSync(dir, { recursive: true, force: true });
    expect(acknowledged).to.be.at.least(200);
    expect(told).to.equal(scanned).and.be.at.least(acknowledged);
  });
});
