import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { clientOf, createTable, failureOf, startDynamodb } from "./support";

const TableName = "Items";
const key = (sort: string, partition = "a.jpg") => ({ original: { S: partition }, imageType: { S: sort } });

describe("DynamoDB: items", () => {
  let dynamodb: ReturnType<typeof startDynamodb>;
  let client: DynamoDBClient;

  beforeEach(async () => {
    dynamodb = startDynamodb();
    client = clientOf(dynamodb);
    await createTable(dynamodb, TableName, {
      AttributeDefinitions: ["original", "imageType", "status"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: "byStatus",
          KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    });
  });
  afterEach(() => dynamodb.close());

  it("puts, gets and deletes, names with any characters included", async () => {
    const Item = { ...key("raw", "Ä b+c%25'\"🐌.jpg"), bytes: { N: "12" } };
    await client.send(new PutItemCommand({ TableName, Item }));
    const Key = key("raw", "Ä b+c%25'\"🐌.jpg");
    expect((await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item).to.deep.equal(Item);
    const deleted = await client.send(new DeleteItemCommand({ TableName, Key, ReturnValues: "ALL_OLD" }));
    expect(deleted.Attributes).to.deep.equal(Item);
    expect((await client.send(new GetItemCommand({ TableName, Key }))).Item).to.equal(undefined);
  });

  // API_UpdateItem: SET, if_not_exists, arithmetic, ADD and DELETE of sets; an empty set goes.
  it("applies update expressions, and a string set whose last element goes is removed", async () => {
    const Key = key("raw");
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: "SET epoch = if_not_exists(epoch, :zero) + :one ADD superseded :two",
        ExpressionAttributeValues: { ":zero": { N: "0" }, ":one": { N: "1" }, ":two": { SS: ["g1", "g2"] } },
      }),
    );
    const updated = await client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: "SET epoch = epoch + :one DELETE superseded :g1",
        ExpressionAttributeValues: { ":one": { N: "1" }, ":g1": { SS: ["g1"] } },
        ReturnValues: "ALL_NEW",
      }),
    );
    expect(updated.Attributes).to.deep.equal({ ...Key, epoch: { N: "2" }, superseded: { SS: ["g2"] } });
    const emptied = await client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: "DELETE superseded :g2",
        ExpressionAttributeValues: { ":g2": { SS: ["g2"] } },
        ReturnValues: "ALL_NEW",
      }),
    );
    expect(emptied.Attributes).to.deep.equal({ ...Key, epoch: { N: "2" } });
  });

  // API_PutItem: "ConditionalCheckFailedException"; Item is there only if ReturnValuesOnConditionCheckFailure asks.
  it("answers a failed condition with 400, and with the item only when ALL_OLD asks for it", async () => {
    const Item = { ...key("raw"), status: { S: "READY" } };
    await client.send(new PutItemCommand({ TableName, Item }));
    const put = { TableName, Item: key("raw"), ConditionExpression: "attribute_not_exists(original)" };
    const bare = await failureOf(client.send(new PutItemCommand(put)));
    expect(bare.name).to.equal("ConditionalCheckFailedException");
    expect(bare.message).to.equal("The conditional request failed");
    expect(bare.$metadata.httpStatusCode).to.equal(400);
    expect(bare.Item).to.equal(undefined);
    const full = await failureOf(
      client.send(new PutItemCommand({ ...put, ReturnValuesOnConditionCheckFailure: "ALL_OLD" })),
    );
    expect(full.Item).to.deep.equal(Item);
    const absent = await failureOf(
      client.send(
        new DeleteItemCommand({
          TableName,
          Key: key("absent"),
          ConditionExpression: "attribute_exists(original)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      ),
    );
    expect(absent.name).to.equal("ConditionalCheckFailedException");
    expect(absent.Item).to.equal(undefined);
  });

  it("returns the very item that failed the condition, whatever happens at the same time", async () => {
    const Key = key("raw");
    const take = async (expected: number): Promise<"won" | number> => {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: "SET epoch = :next",
            ConditionExpression: "epoch = :expected",
            ExpressionAttributeValues: { ":next": { N: String(expected + 1) }, ":expected": { N: String(expected) } },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return "won";
      } catch (error) {
        return Number((error as { Item: { epoch: { N: string } } }).Item.epoch.N);
      }
    };
    await client.send(new PutItemCommand({ TableName, Item: { ...Key, epoch: { N: "0" } } }));
    const attempts = Array.from({ length: 200 }, (_, index) => index % 20);
    const results = await Promise.all(attempts.map(async (expected) => ({ expected, result: await take(expected) })));
    // Each value is left once at most, and a refused update saw a value other than the one it asked for.
    for (const { expected, result } of results) if (result !== "won") expect(result).not.to.equal(expected);
    const wins = results.filter(({ result }) => result === "won").map(({ expected }) => expected);
    expect(new Set(wins).size).to.equal(wins.length);
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    expect(Item!.epoch!.N).to.equal(String(wins.length));
  });

  it("lets no concurrent ADD be lost", async () => {
    const Key = key("raw");
    const add = (n: number) =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: "ADD superseded :g, n :one",
          ExpressionAttributeValues: { ":g": { SS: [`g${n}`] }, ":one": { N: "1" } },
        }),
      );
    await Promise.all(Array.from({ length: 100 }, (_, n) => add(n)));
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    expect(Item!.n!.N).to.equal("100");
    expect(new Set(Item!.superseded!.SS).size).to.equal(100);
  });

  it("queries a partition in the order of the sort key, and a global index", async () => {
    for (const type of ["raw", "large", "small"])
      await client.send(new PutItemCommand({ TableName, Item: { ...key(type), status: { S: "READY" } } }));
    await client.send(new PutItemCommand({ TableName, Item: key("raw", "b.jpg") }));
    const partition = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "original = :o",
        ExpressionAttributeValues: { ":o": { S: "a.jpg" } },
        ConsistentRead: true,
      }),
    );
    expect(partition.Items!.map((item) => item.imageType!.S)).to.deep.equal(["large", "raw", "small"]);
    const update = (status: string) =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: key("raw"),
          UpdateExpression: "SET #s = :s",
          ExpressionAttributeNames: { "#s": "status" },
          ExpressionAttributeValues: { ":s": { S: status } },
        }),
      );
    await update("DELETED");
    const byStatus = async (status: string) =>
      (
        await client.send(
          new QueryCommand({
            TableName,
            IndexName: "byStatus",
            KeyConditionExpression: "#s = :s",
            ExpressionAttributeNames: { "#s": "status" },
            ExpressionAttributeValues: { ":s": { S: status } },
          }),
        )
      ).Count;
    expect(await byStatus("READY")).to.equal(2);
    expect(await byStatus("DELETED")).to.equal(1);
  });

  it("writes and reads batches", async () => {
    const puts = ["1", "2", "3"].map((type) => ({ PutRequest: { Item: key(type) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key("1"), key("3"), key("9")] } } }),
    );
    expect(Responses![TableName]!.length).to.equal(2);
  });

  // API_Scan: "If ConsistentRead is true, then all of the write operations that completed before the Scan began are
  // guaranteed to be contained in the Scan response."
  it("scans a table, strongly consistent where asked for", async () => {
    const Item = key("raw", "scanned.jpg");
    await client.send(new PutItemCommand({ TableName, Item }));
    for (const ConsistentRead of [true, false]) {
      expect((await client.send(new ScanCommand({ TableName, ConsistentRead }))).Items).to.deep.equal([Item]);
    }
  });

  it("refuses a member that it does not know, by name", async () => {
    // The SDK drops members that it does not know, so this one goes in directly.
    const direct = await failureOf(dynamodb.call("PutItem", { TableName, Item: key("raw"), Surprise: true }));
    expect(direct.message).to.equal("The embedded AWS does not implement dynamodb:PutItem with Surprise.");
  });
});
