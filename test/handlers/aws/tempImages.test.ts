import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createTempImages } from "../../../handlers/aws/tempImages";
import type { TempImages } from "../../../handlers/ports";
import { type AwsClients, cutBody, inPagesOf, recording, startAwsClients } from "../../support/emptyAws";

const Bucket = "temp";

describe("createTempImages", () => {
  let aws: AwsClients;
  let s3: S3Client;
  let temp: TempImages;
  let idsOf: (key: string, from?: TempImages) => Promise<string[]>;
  const upload = async (Key: string, Body: string) =>
    (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId!;

  before(async () => {
    aws = await startAwsClients();
    s3 = aws.s3;
    temp = createTempImages(s3, Bucket);
    idsOf = async (key, from = temp) => (await from.versions(key)).map(({ versionId }) => versionId);
    await s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  });
  after(() => aws.close());

  it("reads the version that was asked for, also when it is not the newest", async () => {
    const first = await upload("images/a b+c%.jpg", "one");
    await upload("images/a b+c%.jpg", "second");
    const read = await temp.read("images/a b+c%.jpg", first);
    expect(read?.bytes).to.equal(3);
    expect(Buffer.from(read!.start).toString()).to.equal("one");
  });

  it("reads the user metadata of a version", async () => {
    const put = async (Metadata: Record<string, string>) => {
      const command = new PutObjectCommand({ Bucket, Key: "images/told.jpg", Body: "123", Metadata });
      return (await s3.send(command)).VersionId!;
    };
    const [first, second] = [await put({ metadata: "e30", Other: "x" }), await put({})];
    expect((await temp.read("images/told.jpg", first))?.userMetadata).to.deep.equal({ metadata: "e30", other: "x" });
    expect((await temp.read("images/told.jpg", second))?.userMetadata).to.deep.equal({});
  });

  it("reads no more of a long upload than its start, and what is asked for", async () => {
    const version = await upload("images/large.jpg", "x".repeat(1_000_000) + "end");
    const read = await temp.read("images/large.jpg", version);
    expect(read?.bytes).to.equal(1_000_003);
    expect(read?.start).to.have.length(131_072);
    expect(Buffer.from((await read?.read(999_999, 1_000_002)) ?? []).toString()).to.equal("xen");
  });

  it("reads an empty upload, of which S3 gives no stretch", async () => {
    const version = await upload("images/empty.jpg", "");
    const read = await temp.read("images/empty.jpg", version);
    expect(read).to.include({ bytes: 0, etag: '"d41d8cd98f00b204e9800998ecf8427e"' });
    expect(read?.start).to.have.length(0);
  });

  it("fails where the body ends before its length", async () => {
    const cut = { send: () => Promise.resolve(cutBody("abc", 4)) } as unknown as Pick<S3Client, "send">;
    const failure = await createTempImages(cut, Bucket)
      .read("images/a.jpg", "v")
      .catch((error: unknown) => error);
    expect(failure).to.include({ name: "IncompleteBody", message: "images/a.jpg: S3 sent 3 of 4 bytes" });
  });

  it("reads nothing where the version, or the key, is gone", async () => {
    const version = await upload("images/gone.jpg", "x");
    await temp.delete("images/gone.jpg", version);
    expect(await temp.read("images/gone.jpg", version)).to.be.undefined;
    expect(await temp.read("images/never.jpg", version)).to.be.undefined;
  });

  it("does not take a missing bucket for a missing upload", async () => {
    const elsewhere = createTempImages(s3, "no-such-bucket");
    const failure = await elsewhere.read("images/a.jpg", "v").catch((error: unknown) => error);
    expect(failure).to.have.property("name", "NoSuchBucket");
  });

  it("fails where S3 answers without a body, its length, time or tag", async () => {
    const silent = createTempImages({ send: async () => ({}) }, Bucket);
    const failure: unknown = await silent.read("images/a.jpg", "v").catch((error: unknown) => error);
    expect(String(failure)).to.equal(
      "Error: S3 answered without a body, its length, time or tag for images/a.jpg, version v",
    );
  });

  it("deletes one version, and again without complaint", async () => {
    const kept = await upload("images/twice.jpg", "kept");
    const deleted = await upload("images/twice.jpg", "deleted");
    await temp.delete("images/twice.jpg", deleted);
    await temp.delete("images/twice.jpg", deleted);
    expect(await idsOf("images/twice.jpg")).to.deep.equal([kept]);
  });

  it("deletes a thousand versions in one request, and says so where S3 did not", async () => {
    const Code = "InternalError";
    const sizes: number[] = [];
    const send = async ({ input }: { input: { Delete: { Objects: object[] } } }) => {
      sizes.push(input.Delete.Objects.length);
      return sizes.length === 1
        ? {}
        : { Errors: [{ Key: "images/a.jpg", VersionId: "v", Code, Message: "try again" }] };
    };
    const failure: unknown = await createTempImages({ send } as never, Bucket)
      .delete("images/a.jpg", ...Array.from({ length: 1_002 }, (_, i) => `v${i}`))
      .catch((error: unknown) => error);
    expect(sizes).to.deep.equal([1_000, 2]);
    expect(failure).to.include({
      name: "UploadsNotDeleted",
      message: "S3 did not delete 1 of 2 versions of images/a.jpg: InternalError: try again",
    });
  });

  it("deletes the versions of keys that XML cannot hold, or only escaped", async () => {
    for (const key of ["images/x\u0001.jpg", "images/x\ufffe\uffff.jpg", "images/x b+c%2B&<>\"'\r\n🐌.jpg"]) {
      const versions = [await upload(key, "1"), await upload(key, "2"), await upload(key, "3")];
      await temp.delete(key, ...versions.slice(0, 2));
      expect(await idsOf(key), JSON.stringify(key)).to.deep.equal(versions.slice(2));
    }
  });

  it("lists all versions of exactly one key, over any number of pages", async () => {
    const many: string[] = [];
    for (let i = 0; i < 7; i++) many.push(await upload("images/many.jpg", "x"));
    await upload("images/many.jpg.jpg", "another key that begins alike");
    const paged = createTempImages(inPagesOf(3, s3), Bucket);
    expect(await idsOf("images/many.jpg", paged)).to.deep.equal(many.reverse());
    expect(await idsOf("images/man", paged)).to.deep.equal([]);
  });

  it("lists the versions of keys that XML cannot hold", async () => {
    for (const key of ["images/a\u0001b.jpg", "images/a\ufffe\uffff.jpg", "images/a b+c%2B&<>.jpg"]) {
      const version = await upload(key, "x");
      const commands: object[] = [];
      const listed = await idsOf(key, createTempImages(recording(s3, commands), Bucket));
      expect(listed, JSON.stringify(key)).to.deep.equal([version]);
      expect(commands).to.deep.equal([{ Bucket, Prefix: key, EncodingType: "url" }]);
    }
  });
});
