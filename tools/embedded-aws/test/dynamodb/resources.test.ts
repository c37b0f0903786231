import { expect } from "chai";
import type { DynamodbAdmin } from "../../dynamodb/dynamodb";
import { dynamodbResourceTypes } from "../../dynamodb/resources";
import type { Declared, Inputs } from "../../resourceType";
import { failureOf, place, startDynamodb } from "./support";
import { stateOf } from "../support/stateOf";

const type = "aws:dynamodb/table:Table";
const table = dynamodbResourceTypes[type]!;
const inputs: Inputs = {
  name: "ImageMetadata-0a1b2c3",
  hashKey: "original",
  rangeKey: "imageType",
  attributes: [
    { name: "original", type: "S" },
    { name: "imageType", type: "S" },
  ],
  billingMode: "PAY_PER_REQUEST",
  ttl: { attributeName: "expiresAt", enabled: true },
  pointInTimeRecovery: { enabled: true },
  deletionProtectionEnabled: true,
  tags: { stack: "dev" },
};
const declared = (changed: Inputs = {}): Declared => {
  const all = { ...inputs, ...changed };
  const { id, ...outputs } = stateOf(dynamodbResourceTypes, type, { name: "ImageMetadata", inputs: all, place });
  return { type, name: "ImageMetadata", inputs: all, id, state: { ...all, ...outputs } };
};

describe("aws:dynamodb/table:Table", () => {
  let dynamodb: DynamodbAdmin;
  beforeEach(() => (dynamodb = startDynamodb()));
  afterEach(() => dynamodb.close());
  const apply = async (resource: Declared) => table.apply!({ dynamodb }, resource);

  it("computes what AWS computes", () => {
    expect(stateOf(dynamodbResourceTypes, type, { name: "ImageMetadata", inputs, place })).to.deep.include({
      id: "ImageMetadata-0a1b2c3",
      arn: "arn:aws:dynamodb:us-east-1:000000000000:table/ImageMetadata-0a1b2c3",
    });
    expect(table.holdsData).to.equal(true);
  });

  it("makes the table with its settings, and applying it again keeps its items", async () => {
    await apply(declared());
    const TableName = inputs.name;
    await dynamodb.call("PutItem", { TableName, Item: { original: { S: "a" }, imageType: { S: "raw" } } });
    await apply(declared({ deletionProtectionEnabled: false, ttl: undefined, tags: {} }));
    expect((await dynamodb.call("Scan", { TableName })).Count).to.equal(1);
    const { Table } = await dynamodb.call("DescribeTable", { TableName });
    expect(Table).to.deep.include({ DeletionProtectionEnabled: false });
    expect(await dynamodb.call("DescribeTimeToLive", { TableName })).to.deep.equal({
      TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" },
    });
    await apply(declared());
    expect(await dynamodb.call("DescribeTimeToLive", { TableName })).to.deep.equal({
      TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" },
    });
  });

  it("does not replace a table whose keys changed", async () => {
    await apply(declared());
    const changed = declared({
      rangeKey: "other",
      attributes: [
        { name: "original", type: "S" },
        { name: "other", type: "S" },
      ],
    });
    const failure = await failureOf(apply(changed));
    expect(failure).to.have.property("kind", "stored data");
    expect(failure.message).to.equal(
      "Table ImageMetadata (ImageMetadata-0a1b2c3) holds data, and the program declares other keys or indexes than it has " +
        "(keys: (original, imageType), now (original, other); attributes: imageType S, original S, now original S, other S). " +
        "Neither a table that holds data nor its index is replaced",
    );
  });

  it("does not replace an index that is to have other attributes, and minds no other order of them", async () => {
    const withIndex = (...nonKeyAttributes: string[]) =>
      declared({
        globalSecondaryIndexes: [{ name: "byType", hashKey: "imageType", projectionType: "INCLUDE", nonKeyAttributes }],
      });
    await apply(withIndex("id", "status"));
    await apply(withIndex("status", "id"));
    const failure = await failureOf(apply(withIndex("status", "id", "colour")));
    expect(failure).to.have.property("kind", "stored data");
    expect(failure.message).to.contain(
      "(index byType: (imageType) INCLUDE id status, now (imageType) INCLUDE colour id status)",
    );
    expect((await failureOf(apply(declared()))).message).to.contain("INCLUDE id status, now none)");
  });
});
