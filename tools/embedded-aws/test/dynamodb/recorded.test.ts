import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { clientOf, failureOf, startDynamodb, tableIsActive } from "./support";

// Requests and answers recorded on AWS by LocalStack's test suite (Apache-2.0); the titles name the recordings.
describe("DynamoDB as recorded on AWS", () => {
  let dynamodb: ReturnType<typeof startDynamodb>;
  let client: DynamoDBClient;
  const time = 1_800_000_000_000;
  const TableName = "test-table";
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const kmsKey = /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]{36}$/;

  beforeEach(() => {
    dynamodb = startDynamodb({ now: () => time });
    client = clientOf(dynamodb);
  });
  afterEach(() => dynamodb.close());

  const create = async (more: Partial<CreateTableCommandInput> = {}) => {
    const created = await client.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
        ...more,
      }),
    );
    await tableIsActive(dynamodb, TableName);
    return created;
  };

  it("test_table_crud", async () => {
    const created = await create();
    expect(created.TableDescription?.TableId).to.match(uuid);
    expect(created.TableDescription).to.not.have.property("WarmThroughput");
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableId).to.equal(created.TableDescription?.TableId);
    expect(Table?.WarmThroughput).to.deep.equal({ ReadUnitsPerSecond: 5, WriteUnitsPerSecond: 5, Status: "ACTIVE" });
    const deleted = await client.send(new DeleteTableCommand({ TableName }));
    expect(Object.keys(deleted.TableDescription ?? {}).sort()).to.deep.equal([
      "DeletionProtectionEnabled",
      "ItemCount",
      "ProvisionedThroughput",
      "TableArn",
      "TableId",
      "TableName",
      "TableSizeBytes",
      "TableStatus",
    ]);
  });

  it("test_gsi_with_billing_mode[PAY_PER_REQUEST]", async () => {
    await create({
      BillingMode: "PAY_PER_REQUEST",
      ProvisionedThroughput: undefined,
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "TRID", AttributeType: "S" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "TransactionRecordID",
          KeySchema: [{ AttributeName: "TRID", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    });
    const warm = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000, Status: "ACTIVE" };
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect([Table?.WarmThroughput, Table?.GlobalSecondaryIndexes?.[0]?.WarmThroughput]).to.deep.equal([warm, warm]);
  });

  it("test_create_duplicate_table", async () => {
    await create();
    const error = await failureOf(create());
    expect([error.name, error.message]).to.deep.equal(["ResourceInUseException", `Table already exists: ${TableName}`]);
  });

  it("test_dynamodb_create_table_with_partial_sse_specification", async () => {
    const { TableDescription } = await create({ SSESpecification: { Enabled: true } });
    const { KMSMasterKeyArn, ...rest } = TableDescription?.SSEDescription ?? {};
    expect(KMSMasterKeyArn).to.match(kmsKey);
    expect(rest).to.deep.equal({ Status: "ENABLED", SSEType: "KMS" });
    const off = await client.send(new UpdateTableCommand({ TableName, SSESpecification: { Enabled: false } }));
    expect(off.TableDescription?.SSEDescription).to.deep.equal({ ...rest, KMSMasterKeyArn, Status: "UPDATING" });
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table).to.not.have.property("SSEDescription");
  });

  it("test_continuous_backup_update", async () => {
    await create();
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    const enabled = await client.send(
      new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }),
    );
    const expected = {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: "ENABLED",
        RecoveryPeriodInDays: 35,
        EarliestRestorableDateTime: new Date(time),
        LatestRestorableDateTime: new Date(time),
      },
    };
    const described = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect([enabled.ContinuousBackupsDescription, described.ContinuousBackupsDescription]).to.deep.equal([
      expected,
      expected,
    ]);
  });

  it("test_return_values_on_conditions_check_failure", async () => {
    await create();
    const Item = { id: { S: "456" }, price: { N: "650" }, product: { S: "sporting goods" } };
    await client.send(new PutItemCommand({ TableName, Item }));
    const error = await failureOf(
      client.send(
        new PutItemCommand({
          TableName,
          Item: { id: { S: "456" } },
          ConditionExpression: "attribute_not_exists(id)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      ),
    );
    expect([error.name, error.message]).to.deep.equal([
      "ConditionalCheckFailedException",
      "The conditional request failed",
    ]);
    expect((error as Error & { Item?: object }).Item).to.deep.equal(Item);
  });

  it("test_dynamodb_idempotent_writing: attributes in another order are the same transaction", async () => {
    await create();
    const write = (Item: Record<string, { S: string }>) =>
      client.send(
        new TransactWriteItemsCommand({ ClientRequestToken: "token", TransactItems: [{ Put: { TableName, Item } }] }),
      );
    await write({ id: { S: "id1" }, name: { S: "name1" } });
    await write({ name: { S: "name1" }, id: { S: "id1" } });
    const other = await failureOf(write({ id: { S: "id1" }, name: { S: "name2" } }));
    expect(other.name).to.equal("IdempotentParameterMismatchException");
  });

  it("test_batch_write_not_existing_table", async () => {
    const Put = { TableName: "non-existing-table", Item: { id: { S: "1" } } };
    const error = await failureOf(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] })));
    expect([error.name, error.message]).to.deep.equal(["ResourceNotFoundException", "Requested resource not found"]);
  });
});
