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
  const [tempImages, images, table, index] = ["temp", "images", "ImageMetadata", "byStatus"] as const;

  before(async () => {
    aws = await startAwsClients();
    dynamo = DynamoDBDocumentClient.from(aws.dynamodb);
    for (const Bucket of [tempImages, images]) await aws.s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await aws.s3.send(new PutBucketVersioningCommand({ Bucket: tempImages, VersioningConfiguration }));
    await createImageMetadataTable(aws.dynamodb);
    lists = createSweepLists(inPagesOf(4, aws.s3), dynamo, { tempImages, images, table, index });
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

  it("tell the names of one status, and no renditions", async () => {
    for (let i = 0; i < 105; i++) {
      const Item = { original: `${i}.jpg`, imageType: "raw", status: "PROCESSING", id: String(i).padStart(4, "0") };
      await dynamo.send(new PutCommand({ TableName: table, Item }));
    }
    const others = [
      { original: "r.jpg", imageType: "raw", status: "READY", id: "r" },
      { original: "r.jpg", imageType: "large", status: "PROCESSING" },
    ];
    for (const Item of others) await dynamo.send(new PutCommand({ TableName: table, Item }));
    const pages = await all((after) => lists.names("PROCESSING", after));
    expect(pages.map((page) => page.length)).to.deep.equal([100, 5]);
    expect(pages.flat()).to.deep.equal(Array.from({ length: 105 }, (_, i) => `${i}.jpg`));
    expect(await all((after) => lists.names("DELETING", after))).to.deep.equal([[]]);
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
