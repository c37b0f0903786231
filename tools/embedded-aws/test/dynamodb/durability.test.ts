import { expect } from "chai";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDynamodb } from "./support";

/** Writes items one after another for ever and says the number of each one that was acknowledged. */
const writer = `
  require("ts-node/register");
  const { createTable, startDynamodb } = require("./tools/embedded-aws/test/dynamodb/support");
  (async () => {
    const dynamodb = startDynamodb({ dir: process.argv[1] });
    await createTable(dynamodb, "Durable");
    for (let n = 0; ; n++) {
      await dynamodb.call("PutItem", {
        TableName: "Durable",
        Item: { original: { S: "a" }, imageType: { S: String(n) }, filler: { S: "x".repeat(500) } },
      });
      process.stdout.write(n + "\\n");
    }
  })();
`;

describe("DynamoDB: durability", () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "dynamodb-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("keeps everything acknowledged when the process is killed with SIGKILL", async () => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "-e", writer, dir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.split("\n").length > 300) child.kill("SIGKILL");
    }
    expect(child.signalCode ?? "SIGKILL").to.equal("SIGKILL");
    // Only complete lines are acknowledgements.
    const acknowledged = output.split("\n").slice(0, -1).length;
    const dynamodb = startDynamodb({ dir });
    const { Count: kept } = await dynamodb.call("Query", {
      TableName: "Durable",
      Select: "COUNT",
      KeyConditionExpression: "original = :o",
      ExpressionAttributeValues: { ":o": { S: "a" } },
    });
    await dynamodb.close();
    expect(acknowledged).to.be.at.least(300);
    expect(kept).to.be.at.least(acknowledged);
  });

  it("makes a table active that a kill left in the making", async () => {
    const first = startDynamodb({ dir });
    await first.call("CreateTable", {
      TableName: "Half",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "k", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }],
    });
    // Closed at once, as if killed: the timer that makes it active finds the database closed.
    await first.close();
    const second = startDynamodb({ dir });
    const { Table } = await second.call("DescribeTable", { TableName: "Half" });
    expect(Table).to.deep.include({ TableStatus: "ACTIVE" });
    await second.call("PutItem", { TableName: "Half", Item: { k: { S: "1" } } });
    await second.close();
  });
});
