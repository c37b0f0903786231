import {
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  type DynamoDBClient,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { clientOf, createTable, failureOf, startDynamodb } from "./support";

const key = (original: string) => ({ original: { S: original }, imageType: { S: "raw" } });
const put = (original: string, n: number): TransactWriteItem => ({
  Put: { TableName: "Left", Item: { ...key(original), n: { N: String(n) } } },
});

// API_TransactWriteItems and API_TransactGetItems.
describe("DynamoDB: transactions", () => {
  let dynamodb: ReturnType<typeof startDynamodb>;
  let client: DynamoDBClient;
  let time = 1_800_000_000_000;

  const write = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
    client.send(
      new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken ? { ClientRequestToken } : {}) }),
    );
  const read = async (TableName: string, original: string): Promise<string | undefined> => {
    const { Item } = await dynamodb.call("GetItem", { TableName, Key: key(original) });
    return (Item as { n?: { N: string } } | undefined)?.n?.N;
  };

  beforeEach(async () => {
    dynamodb = startDynamodb({ now: () => time });
    client = clientOf(dynamodb);
    await createTable(dynamodb, "Left");
    await createTable(dynamodb, "Right");
  });
  afterEach(() => dynamodb.close());

  it("writes all items of two tables, or none", async () => {
    await write([
      put("a", 1),
      {
        Update: {
          TableName: "Right",
          Key: key("a"),
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
      },
    ]);
    expect([await read("Left", "a"), await read("Right", "a")]).to.deep.equal(["1", "1"]);

    const cancelled = await failureOf(
      write([
        put("b", 1),
        { Delete: { TableName: "Right", Key: key("a") } },
        {
          ConditionCheck: {
            TableName: "Left",
            Key: key("a"),
            ConditionExpression: "attribute_not_exists(original)",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          },
        },
      ]),
    );
    expect(cancelled.name).to.equal("TransactionCanceledException");
    expect(cancelled.message).to.contain("[None, None, ConditionalCheckFailed]");
    const reasons = cancelled.CancellationReasons as { Code: string; Item?: unknown }[];
    expect(reasons.map(({ Code }) => Code)).to.deep.equal(["None", "None", "ConditionalCheckFailed"]);
    expect(reasons[2]!.Item).to.deep.equal({ ...key("a"), n: { N: "1" } });
    expect([await read("Left", "b"), await read("Right", "a")]).to.deep.equal([undefined, "1"]);
  });

  it("leaves an item alone that is only checked", async () => {
    await write([put("a", 1)]);
    await write([
      put("b", 2),
      { ConditionCheck: { TableName: "Left", Key: key("a"), ConditionExpression: "attribute_exists(original)" } },
    ]);
    expect([await read("Left", "a"), await read("Left", "b")]).to.deep.equal(["1", "2"]);
  });

  it("refuses two operations on one item", async () => {
    const refused = await failureOf(write([put("a", 1), put("a", 2)]));
    expect(refused.name).to.equal("ValidationException");
    expect(refused.message).to.equal("Transaction request cannot include multiple operations on one item");
  });

  it("runs a repeated client token once for ten minutes, and refuses other items under it", async () => {
    const add = (n: string): TransactWriteItem => ({
      Update: {
        TableName: "Left",
        Key: key("a"),
        UpdateExpression: "ADD n :n",
        ExpressionAttributeValues: { ":n": { N: n } },
      },
    });
    await write([add("1")], "token-1");
    await write([add("1")], "token-1");
    expect(await read("Left", "a")).to.equal("1");
    const mismatch = await failureOf(write([add("2")], "token-1"));
    expect(mismatch.name).to.equal("IdempotentParameterMismatchException");
    time += 11 * 60_000;
    await write([add("2")], "token-1");
    expect(await read("Left", "a")).to.equal("3");
  });

  it("moves amounts between items without a loss under concurrency, and reads them consistently", async () => {
    await write([put("a", 100), put("b", 0)]);
    const move = (from: string, to: string): TransactWriteItem[] => [
      {
        Update: {
          TableName: "Left",
          Key: key(from),
          UpdateExpression: "ADD n :m",
          ConditionExpression: "n > :zero",
          ExpressionAttributeValues: { ":m": { N: "-1" }, ":zero": { N: "0" } },
        },
      },
      {
        Update: {
          TableName: "Left",
          Key: key(to),
          UpdateExpression: "ADD n :m",
          ExpressionAttributeValues: { ":m": { N: "1" } },
        },
      },
    ];
    const sum = async (): Promise<number> => {
      const { Responses } = await client.send(
        new TransactGetItemsCommand({
          TransactItems: ["a", "b"].map((name) => ({ Get: { TableName: "Left", Key: key(name) } })),
        }),
      );
      return Responses!.reduce((total, { Item }) => total + Number(Item!.n!.N), 0);
    };
    const moves = Array.from({ length: 40 }, (_, n) => write(n % 4 === 0 ? move("b", "a") : move("a", "b")));
    const sums = Array.from({ length: 20 }, sum);
    const moved = (await Promise.allSettled(moves)).map(({ status }) => status === "fulfilled");
    const back = moved.filter((done, n) => done && n % 4 === 0).length;
    const forth = moved.filter((done, n) => done && n % 4 !== 0).length;
    expect(forth).to.equal(30);
    expect(await read("Left", "b")).to.equal(String(forth - back));
    expect(new Set(await Promise.all(sums))).to.deep.equal(new Set([100]));
    expect(await sum()).to.equal(100);
  });
});
