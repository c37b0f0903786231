import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openDatabase } from "../../database";
import { openEngine } from "../../dynamodb/engine";
import { createStreams } from "../../dynamodb/streams";
import { createSettings } from "../../dynamodb/tableSettings";
import { place, recordingIam } from "./support";

describe("dynalite's layout of keys, which the embedded AWS relies on", () => {
  it("has one prefix for each table, its items and each of its indexes", async () => {
    const db = openDatabase(":memory:");
    const settings = createSettings(db);
    const { writes } = createStreams({ db, settings, iam: recordingIam(), place, now: Date.now });
    const engine = await openEngine(undefined, place, writes);
    try {
      await engine.run("CreateTable", {
        TableName: "Things",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [
          { AttributeName: "id", AttributeType: "S" },
          { AttributeName: "state", AttributeType: "S" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: "ByState",
            KeySchema: [{ AttributeName: "state", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        ],
      });
      while ((await engine.table("Things")).TableStatus !== "ACTIVE") await new Promise(setImmediate);
      await engine.run("PutItem", { TableName: "Things", Item: { id: { S: "a" }, state: { S: "new" } } });
      const keys: string[] = [];
      for await (const key of engine.store.db.keys({ gte: "", lt: "\u00ff" })) keys.push(key);
      expect(keys).to.deep.equal([
        "index-global~Things~ByState~3830d0/6e6577/f6558e",
        `item-Things~f6558e/${Buffer.from("a").toString("hex")}/`,
        "table~Things",
      ]);
    } finally {
      await engine.close();
    }
  });

  it("is that of one exact version", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(process.cwd(), "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    expect(devDependencies.dynalite).to.match(/^\d+\.\d+\.\d+$/);
  });
});
