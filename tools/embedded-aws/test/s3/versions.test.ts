import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { code, failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";
const Key = "k";

describe("S3 versions", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  const setStatus = (Status: "Enabled" | "Suspended"): Promise<unknown> =>
    s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  const put = async (Body: string): Promise<string | undefined> =>
    (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
  const read = async (VersionId?: string): Promise<string | undefined> =>
    (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
  /** `id*` is the latest, `-id` a delete marker. */
  const history = async (): Promise<string[]> => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const entries = [
      ...Versions.map((entry) => ({ ...entry, sign: "" })),
      ...DeleteMarkers.map((entry) => ({ ...entry, sign: "-" })),
    ];
    return entries.map(({ VersionId, IsLatest, sign }) => `${sign}${VersionId}${IsLatest ? "*" : ""}`);
  };

  it("has no status until versioning was set (API_GetBucketVersioning)", async () => {
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).to.equal(undefined);
    await setStatus("Enabled");
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).to.equal("Enabled");
  });

  it("keeps user metadata with its version, and copies it unless told to replace it (API_CopyObject)", async () => {
    await setStatus("Enabled");
    const tell = async (Metadata: Record<string, string>): Promise<string | undefined> =>
      (await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x", Metadata }))).VersionId;
    const [one, two] = [await tell({ by: "one" }), await tell({ as: "two" })];
    const told = async (key: string, VersionId?: string) =>
      (await s3.send(new HeadObjectCommand({ Bucket, Key: key, VersionId }))).Metadata;
    expect([await told(Key), await told(Key, one), await told(Key, two)]).to.deep.equal([
      { as: "two" },
      { by: "one" },
      { as: "two" },
    ]);
    const copy = (Metadata: Record<string, string>, MetadataDirective?: "COPY" | "REPLACE") => {
      const CopySource = `${Bucket}/${Key}?versionId=${one}`;
      return s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource, Metadata, MetadataDirective }));
    };
    await copy({ by: "another" });
    expect(await told("copy")).to.deep.equal({ by: "one" });
    await copy({ by: "another" }, "REPLACE");
    expect(await told("copy")).to.deep.equal({ by: "another" });
    expect(await code(copy({ k: "x".repeat(2_048) }, "REPLACE"))).to.equal("400 MetadataTooLarge");
  });

  it("keeps every version under an id of its own (versioning-workflows)", async () => {
    await setStatus("Enabled");
    const [one, two] = [await put("one"), await put("two")];
    expect(one).to.match(/^[\w.]{32}$/);
    expect(await history()).to.deep.equal([`${two}*`, one]);
    expect([await read(), await read(one), await read(two)]).to.deep.equal(["two", "one", "two"]);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key, VersionId: one }))).VersionId).to.equal(one);
  });

  it("hides an object behind a delete marker, and shows it again when the marker goes (DeleteMarker)", async () => {
    await setStatus("Enabled");
    const one = await put("one");
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(deleted.DeleteMarker).to.equal(true);
    const marker = deleted.VersionId ?? "";
    expect(await history()).to.deep.equal([one, `-${marker}*`]);
    expect(await code(s3.send(new GetObjectCommand({ Bucket, Key })))).to.equal("404 NoSuchKey");
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).to.equal(0);
    expect(await read(one)).to.equal("one");
    const named = s3.send(new GetObjectCommand({ Bucket, Key, VersionId: marker }));
    expect(await code(named)).to.equal("405 MethodNotAllowed");
    const removed = await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: marker }));
    expect(removed).to.deep.include({ DeleteMarker: true, VersionId: marker });
    expect(await read()).to.equal("one");
  });

  it("says in headers that a delete marker is in the way (DeleteMarker: x-amz-delete-marker)", async () => {
    await setStatus("Enabled");
    const { VersionId } = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    const error = await failure(s3.send(new GetObjectCommand({ Bucket, Key })));
    const { headers } = (error as unknown as { $response: { headers: Record<string, string> } }).$response;
    expect(headers).to.include({ "x-amz-delete-marker": "true", "x-amz-version-id": VersionId ?? "" });
  });

  it("deletes a version for good and makes the one before it current (DeletingObjectVersions)", async () => {
    await setStatus("Enabled");
    const [one, two] = [await put("one"), await put("two")];
    expect((await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: two }))).VersionId).to.equal(two);
    expect(await read()).to.equal("one");
    const gone = await failure(s3.send(new GetObjectCommand({ Bucket, Key, VersionId: two })));
    expect(gone).to.deep.include({ name: "NoSuchVersion", VersionId: two, Key });
    expect(await history()).to.deep.equal([`${one}*`]);
  });

  it("keeps the null version from before versioning (versioning-workflows)", async () => {
    expect(await put("null")).to.equal(undefined);
    await setStatus("Enabled");
    const one = await put("one");
    expect(await history()).to.deep.equal([`${one}*`, "null"]);
    expect(await read("null")).to.equal("null");
  });

  it("overwrites the null version while versioning is suspended (AddingObjectstoVersionSuspendedBuckets)", async () => {
    await setStatus("Enabled");
    const one = await put("one");
    await setStatus("Suspended");
    // Recorded: test_put_object_on_suspended_bucket.
    expect(await put("two")).to.equal(undefined);
    expect(await put("three")).to.equal(undefined);
    expect(await history()).to.deep.equal(["null*", one]);
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(deleted).to.deep.include({ DeleteMarker: true, VersionId: "null" });
    expect(await history()).to.deep.equal([one, "-null*"]);
  });

  it("copies an old version to the top, and onto itself only by version (API_CopyObject)", async () => {
    await setStatus("Enabled");
    const one = await put("one");
    await put("two");
    const copied = await s3.send(
      new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}?versionId=${one}` }),
    );
    expect(copied.CopySourceVersionId).to.equal(one);
    expect(await read()).to.equal("one");
    expect(await read(copied.VersionId)).to.equal("one");
    const itself = s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}` }));
    expect(await code(itself)).to.equal("400 InvalidRequest");
  });

  it("deletes many versions and makes many markers at once (API_DeleteObjects)", async () => {
    await setStatus("Enabled");
    const one = await put("one");
    await s3.send(new PutObjectCommand({ Bucket, Key: "<l>&", Body: "l" }));
    const Objects = [{ Key, VersionId: one }, { Key: "<l>&" }, { Key: "never there" }];
    const { Deleted = [], Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Errors).to.equal(undefined);
    expect(Deleted[0]).to.deep.equal({ Key, VersionId: one });
    expect(Deleted.slice(1).map((entry) => [entry.Key, entry.DeleteMarker])).to.deep.equal([
      ["<l>&", true],
      ["never there", true],
    ]);
    const quiet = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "x" }], Quiet: true } }));
    expect(quiet.Deleted).to.equal(undefined);
  });

  it("refuses DeleteObjects of more than 1,000 keys (API_DeleteObjects)", async () => {
    const Objects = Array.from({ length: 1001 }, (_, index) => ({ Key: `k${index}` }));
    expect(await code(s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } })))).to.equal("400 MalformedXML");
  });

  it("refuses keys that XML cannot hold in a request for many", async () => {
    for (const Key of ["a\u0001b", "a\ufffe"]) {
      const Delete = { Objects: [{ Key }] };
      expect(await code(s3.send(new DeleteObjectsCommand({ Bucket, Delete })))).to.equal("400 MalformedXML");
    }
  });
});
