import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { createRawRecords } from "../../../handlers/aws/rawRecords";
import { type AwsClients, createImageMetadataTable, startAwsClients } from "../../support/emptyAws";

interface Batch {
  Keys: { original: string; imageType: string }[];
  ConsistentRead: boolean;
}

describe("createRawRecords", function () {
  this.timeout(120_000);
  let aws: AwsClients;
  let dynamo: DynamoDBDocumentClient;
  before(async () => {
    aws = await startAwsClients();
    dynamo = DynamoDBDocumentClient.from(aws.dynamodb);
    await createImageMetadataTable(aws.dynamodb);
  });
  after(() => aws.close());

  const names = Array.from({ length: 102 }, (_, i) => `ü ${i}.jpg`);
  const namesOf = (records: { original: string }[]) => records.map(({ original }) => original);

  it("reads the records that there are, of more names than one request can have", async () => {
    for (const original of names.slice(1)) {
      const Item = { original, imageType: "raw", status: "READY", superseded: new Set(["b", "a"]) };
      await dynamo.send(new PutCommand({ TableName: "ImageMetadata", Item }));
    }
    const records = await createRawRecords(dynamo, "ImageMetadata").read(names);
    expect(namesOf(records)).to.have.members(names.slice(1));
    expect(records[0]).to.deep.equal({ original: records[0]!.original, status: "READY", superseded: ["a", "b"] });
  });

  it("asks nothing for no names", async () => {
    const { records, asked } = answering(() => 0);
    expect(await records.read([])).to.deep.equal([]);
    expect(asked).to.be.empty;
  });

  /** A table that answers, of each request, the last keys alone, as DynamoDB does when it is throttled. */
  function answering(unprocessed: (call: number) => number) {
    const asked: Batch[] = [];
    const pauses: number[] = [];
    const send = ({ input }: { input: { RequestItems: { T: Batch } } }) => {
      const batch = input.RequestItems.T;
      const left = batch.Keys.slice(0, unprocessed(asked.push(batch)));
      const Responses = { T: batch.Keys.slice(left.length).map((key) => ({ ...key })) };
      return Promise.resolve({ Responses, UnprocessedKeys: left.length > 0 ? { T: { Keys: left } } : {} });
    };
    const pause = (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds));
    const dynamo = { send } as unknown as Pick<DynamoDBDocumentClient, "send">;
    return { records: createRawRecords(dynamo, "T", pause), asked, pauses };
  }

  it("asks again for what was not processed, each time later", async () => {
    const { records, asked, pauses } = answering((call) => [2, 1][call - 1] ?? 0);
    expect(namesOf(await records.read(["a", "b", "c"]))).to.deep.equal(["c", "b", "a"]);
    expect(asked.map(({ Keys }) => namesOf(Keys))).to.deep.equal([["a", "b", "c"], ["a", "b"], ["a"]]);
    expect(asked.map(({ ConsistentRead }) => ConsistentRead)).to.deep.equal([true, true, true]);
    expect(pauses).to.deep.equal([50, 100]);
  });

  it("gives up where DynamoDB goes on leaving keys out", async () => {
    const { records, pauses } = answering(() => 1);
    const failure = await records.read(["a", "b"]).then(() => "", String);
    expect(failure).to.equal("Error: DynamoDB left 1 of 2 records unread after 7 tries");
    expect(pauses).to.deep.equal([50, 100, 200, 400, 800, 1600]);
  });
});
