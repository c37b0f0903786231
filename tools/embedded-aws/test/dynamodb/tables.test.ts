import { expect } from "chai";
import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { clientOf, createTable, failureOf, owner, recordingIam, startDynamodb } from "./support";

const TableName = "Items";
const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Items";
const seconds = 1_800_000_000;

describe("DynamoDB: tables", () => {
  let dynamodb: ReturnType<typeof startDynamodb>;
  let client: DynamoDBClient;
  let time = seconds * 1000;

  beforeEach(async () => {
    time = seconds * 1000;
    dynamodb = startDynamodb({ now: () => time });
    client = clientOf(dynamodb);
    await createTable(dynamodb, TableName, { Tags: [{ Key: "stack", Value: "dev" }] });
  });
  afterEach(() => dynamodb.close());

  it("describes, lists and tags a table under the account and region of this place", async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table!.TableArn).to.equal(arn);
    expect(Table!.DeletionProtectionEnabled).to.equal(false);
    // TableName may be an ARN.
    expect((await client.send(new DescribeTableCommand({ TableName: arn }))).Table!.TableName).to.equal(TableName);
    await createTable(dynamodb, "Other");
    const first = await client.send(new ListTablesCommand({ Limit: 1 }));
    expect(first).to.deep.include({ TableNames: ["Items"], LastEvaluatedTableName: "Items" });
    const second = await client.send(new ListTablesCommand({ ExclusiveStartTableName: "Items" }));
    expect(second.TableNames).to.deep.equal(["Other"]);
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
    expect(Tags).to.deep.equal([{ Key: "stack", Value: "dev" }]);
  });

  // API_DeleteTable: "a table with deletion protection enabled can't be deleted".
  it("does not delete a table that is protected against deletion", async () => {
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
    expect((await failureOf(client.send(new DeleteTableCommand({ TableName })))).name).to.equal("ValidationException");
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName }));
  });

  it("keeps point-in-time recovery", async () => {
    const status = async () =>
      (await client.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription!
        .PointInTimeRecoveryDescription!.PointInTimeRecoveryStatus;
    expect(await status()).to.equal("DISABLED");
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    expect(await status()).to.equal("ENABLED");
  });

  // howitworks-ttl: a Number of seconds since the epoch; values more than five years old are not deleted.
  it("deletes expired items and nothing else", async () => {
    const item = (imageType: string, expiresAt?: Record<string, string>) => ({
      TableName,
      Item: { original: { S: "a" }, imageType: { S: imageType }, ...(expiresAt ? { expiresAt } : {}) },
    });
    await dynamodb.call("PutItem", item("none"));
    await dynamodb.call("PutItem", item("past", { N: String(seconds - 1) }));
    await dynamodb.call("PutItem", item("soon", { N: String(seconds + 10) }));
    await dynamodb.call("PutItem", item("text", { S: String(seconds - 1) }));
    await dynamodb.call("PutItem", item("ancient", { N: String(seconds - 6 * 365 * 24 * 3600) }));
    expect(await dynamodb.sweep()).to.equal(0);

    const TimeToLiveSpecification = { AttributeName: "expiresAt", Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).to.deep.equal({ TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" });
    const again = await failureOf(client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification })));
    expect(again.message).to.equal("TimeToLive is already enabled");

    const left = async () => {
      const { Items } = await dynamodb.call("Scan", { TableName });
      return (Items as { imageType: { S: string } }[]).map(({ imageType }) => imageType.S).sort();
    };
    expect(await dynamodb.sweep()).to.equal(1);
    expect(await left()).to.deep.equal(["ancient", "none", "soon", "text"]);
    time += 10_000;
    expect(await dynamodb.sweep()).to.equal(1);
    expect(await left()).to.deep.equal(["ancient", "none", "text"]);
  });

  it("answers 501 with the name of what it does not implement", async () => {
    const statement = await failureOf(client.send(new ExecuteStatementCommand({ Statement: "SELECT 1" })));
    expect(statement.message).to.equal("The embedded AWS does not implement dynamodb:ExecuteStatement.");
    expect(statement.$metadata.httpStatusCode).to.equal(501);
    const index = await failureOf(
      client.send(
        new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byStatus" } }] }),
      ),
    );
    expect(index.message).to.contain("GlobalSecondaryIndexUpdates.Delete");
  });

  it("answers ResourceNotFoundException for a table that is not there", async () => {
    const failure = await failureOf(client.send(new DescribeTimeToLiveCommand({ TableName: "Absent" })));
    expect(failure.name).to.equal("ResourceNotFoundException");
    expect(failure.$metadata.httpStatusCode).to.equal(400);
  });
});

// Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB".
describe("DynamoDB: authorisation", () => {
  const key = { original: { S: "a" }, imageType: { S: "raw" } };
  const role = { ...owner, kind: "role" as const, arn: "arn:aws:iam::000000000000:role/reader" };

  it("asks IAM for each action on the table, the index, or each item's table", async () => {
    const iam = recordingIam();
    const dynamodb = startDynamodb({ iam });
    await createTable(dynamodb, TableName);
    const client = clientOf(dynamodb, role);
    await client.send(new GetItemCommand({ TableName, Key: key }));
    await failureOf(
      client.send(
        new QueryCommand({
          TableName,
          IndexName: "byStatus",
          KeyConditionExpression: "s = :s",
          ExpressionAttributeValues: { ":s": { S: "" } },
        }),
      ),
    );
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: key } },
          {
            ConditionCheck: {
              TableName,
              Key: { ...key, imageType: { S: "b" } },
              ConditionExpression: "attribute_not_exists(original)",
            },
          },
        ],
      }),
    );
    expect(iam.questions.map(({ action, resource }) => `${action} ${resource}`)).to.deep.equal([
      `dynamodb:GetItem ${arn}`,
      `dynamodb:Query ${arn}/index/byStatus`,
      `dynamodb:PutItem ${arn}`,
      `dynamodb:ConditionCheckItem ${arn}`,
    ]);
    expect(iam.questions.every(({ principal }) => principal.arn === role.arn)).to.equal(true);
    await dynamodb.close();
  });

  it("answers a denial as 400 AccessDeniedException and changes nothing", async () => {
    const iam = recordingIam(({ action }) => action === "dynamodb:PutItem");
    const dynamodb = startDynamodb({ iam });
    await createTable(dynamodb, TableName);
    const denied = await failureOf(clientOf(dynamodb, role).send(new PutItemCommand({ TableName, Item: key })));
    expect(denied.name).to.equal("AccessDeniedException");
    expect(denied.$metadata.httpStatusCode).to.equal(400);
    expect(denied.message).to.contain("dynamodb:PutItem");
    expect((await dynamodb.call("Scan", { TableName })).Count).to.equal(0);
    await dynamodb.close();
  });

  it("tells IAM the partition key of a call on one item (specifying-conditions)", async () => {
    const iam = recordingIam();
    const dynamodb = startDynamodb({ iam });
    await createTable(dynamodb, TableName);
    const client = clientOf(dynamodb, role);
    await client.send(new PutItemCommand({ TableName, Item: key }));
    await client.send(new GetItemCommand({ TableName, Key: key }));
    await client.send(new DescribeTableCommand({ TableName }));
    expect(iam.questions.map(({ action, context }) => [action, context])).to.deep.equal([
      ["dynamodb:PutItem", { "dynamodb:LeadingKeys": key.original.S }],
      ["dynamodb:GetItem", { "dynamodb:LeadingKeys": key.original.S }],
      ["dynamodb:DescribeTable", {}],
    ]);
    await dynamodb.close();
  });
});
