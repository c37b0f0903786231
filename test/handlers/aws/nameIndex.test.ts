import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { createNameIndex } from "../../../handlers/aws/nameIndex";
import { type AwsClients, createImageMetadataTable, startAwsClients } from "../../support/emptyAws";

describe("createNameIndex", function () {
  this.timeout(120_000);
  let aws: AwsClients;
  let dynamo: DynamoDBDocumentClient;
  before(async () => {
    aws = await startAwsClients();
    dynamo = DynamoDBDocumentClient.from(aws.dynamodb);
    await createImageMetadataTable(aws.dynamodb);
  });
  after(() => aws.close());

  it("tells the entries of one shard, from the newest, page by page", async () => {
    for (const [original, statusShard, listPosition] of [
      ["a.jpg", "READY#0", "2030 1"],
      ["b.jpg", "READY#0", "2030 2"],
      ["c.jpg", "READY#0", "2030 3"],
      ["d.jpg", "READY#1", "2030 4"],
      ["e.jpg", "FAILED#0", "2030 5"],
    ]) {
      const Item = { original, imageType: "raw", statusShard, listPosition, status: "READY" };
      await dynamo.send(new PutCommand({ TableName: "ImageMetadata", Item }));
    }
    const index = createNameIndex(dynamo, { table: "ImageMetadata", index: "byStatusShard" });
    const first = await index.newest("READY#0", undefined, 2);
    expect(first.entries.map(({ original }) => original)).to.deep.equal(["c.jpg", "b.jpg"]);
    expect(first.next).to.equal("2030 2");
    const last = await index.newest("READY#0", first.next, 2);
    expect(last.entries.map(({ original }) => original)).to.deep.equal(["a.jpg"]);
    expect(last).not.to.have.property("next");
    expect(await index.newest("READY#7", undefined, 2)).to.deep.equal({ entries: [] });
  });
});
