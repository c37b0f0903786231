import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { createSweepLists } from "../../../handlers/aws/sweepLists";
import type { Page, SweepLists } from "../../../handlers/ports";
import { type AwsClients, createImageMetadataTable, inPagesOf, startAwsClients } from "../../support/emptyAws";

describe("createSweepLists", function () {
  this.timeout(120_000);
  let aws: AwsClients;
  let dynamo: DynamoDBDocumentClient;
  let lists: SweepLists;
  const [tempImages, images, table, index] = ["temp", "images", "ImageMetadata", "byStatusShard"] as const;

  before(async () => {
    aws = await startAwsClients();
    dynamo = DynamoDBDocumentClient.from(aws.dynamodb);
    for (const Bucket of [tempImages, images]) await aws.s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await aws.s3.send(new PutBucketVersioningCommand({ Bucket: tempImages, VersioningConfiguration }));
    await createImageMetadataTable(aws.dynamodb);
    lists = createSweepLists(inPagesOf(4, aws.s3), dynamo, { tempImages, images, table, index }, (status) => [
      `${status}#0`,
      `${status}#1`,
    ]);
  });
  after(() => aws.close());

  /** All entries, page by page. */
  async function all<Entry>(read: (after: string | undefined) => Promise<Page<Entry>>): Promise<Entry[][]> {
    const pages: Entry[][] = [];
    let after: string | undefined;
    do {
      const { entries, next } = await read(after);
      pages.push(entries);
      after = next;
    } while (after !== undefined);
    return pages;
  }

  const put = (original: string, statusShard: string, listPosition: string, status: string) =>
    dynamo.send(
      new PutCommand({ TableName: table, Item: { original, imageType: "raw", statusShard, listPosition, status } }),
    );

  it("tell the names of one status, shard by shard, from the oldest", async () => {
    const names = Array.from({ length: 105 }, (_, i) => `${i}.jpg`);
    for (const [i, name] of names.entries()) await put(name, "PROCESSING#0", `2030 ${1000 + i}`, "PROCESSING");
    await put("other.jpg", "PROCESSING#1", "2029 1", "PROCESSING");
    await put("ready.jpg", "READY#0", "2029 1", "READY");
    const pages = await all((after) => lists.names("PROCESSING", after));
    expect(pages).to.deep.equal([names.slice(0, 100), names.slice(100), ["other.jpg"]]);
    expect(await all((after) => lists.names("DELETING", after))).to.deep.equal([[], []]);
  });

  it("tell of the images that are served those with a pending upload alone", async () => {
    await put("failed.jpg", "READY#1", "2029 2", "FAILED");
    await put("pending.jpg", "READY#0", "2029 3", "PROCESSING");
    expect(await all((after) => lists.names("READY", after))).to.deep.equal([["pending.jpg"], ["failed.jpg"]]);
  });

  it("begin again where an earlier release ended", async () => {
    const { entries, next } = await lists.names("DELETING", "0f0c5d2e");
    expect([entries, next]).to.deep.equal([[], "DELETING#0"]);
  });

  it("tell uploads by key, all versions of one on the same page", async () => {
    const put = (Key: string) => aws.s3.send(new PutObjectCommand({ Bucket: tempImages, Key, Body: "x" }));
    await put("elsewhere/a.jpg");
    for (let i = 0; i < 3; i++) await put(`images/${i} é\u0001.jpg`);
    const versions = [await put("images/b.jpg"), await put("images/b.jpg")].map(({ VersionId }) => VersionId);
    const pages = await all((after) => lists.uploads(after));
    expect(pages.map((page) => page.length)).to.deep.equal([3, 2]);
    expect(pages[0]![0]!.key).to.equal("images/0 é\u0001.jpg");
    expect(pages[1]!.map(({ versionId }) => versionId)).to.deep.equal(versions.reverse());
    expect(Math.abs(Date.parse(pages[1]![0]!.storedAt) - Date.now())).to.be.below(60_000);
  });

  it("tell originals and renditions in the order of their keys", async () => {
    const keys = Array.from({ length: 5 }, (_, i) => `raw/a+ü.jpg/${i}`);
    for (const Key of keys) await aws.s3.send(new PutObjectCommand({ Bucket: images, Key, Body: "x" }));
    const pages = await all((after) => lists.images(after));
    expect(pages.map((page) => page.length)).to.deep.equal([4, 1]);
    expect(pages.flat().map(({ imageId }) => imageId)).to.deep.equal(keys);
  });

  it("keep where a sweep ended, and nothing else", async () => {
    expect(await lists.readPosition()).to.deep.equal({});
    const began = "2030-01-01T00:00:00.000Z";
    const position = { uploads: { began }, images: { began, before: began, after: "raw/a" } };
    await lists.writePosition(position);
    expect(await lists.readPosition()).to.deep.equal(position);
    await lists.writePosition({});
    expect(await lists.readPosition()).to.deep.equal({});
  });
});
