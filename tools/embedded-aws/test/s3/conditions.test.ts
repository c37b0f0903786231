import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type GetObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { code, failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";
const hello = '"5d41402abc4b2a76b9719d911017c592"';
const other = '"00000000000000000000000000000000"';

describe("S3 ranges and conditions", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "hello" }));
  });
  afterEach(() => aws.close());

  const get = (more: Partial<GetObjectCommandInput>): Promise<unknown> =>
    s3.send(new GetObjectCommand({ Bucket, Key: "k", ...more }));
  const status = async (more: Partial<GetObjectCommandInput>): Promise<number> => {
    const outcome = await get(more).catch((error: unknown) => error);
    return (outcome as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode;
  };

  // RFC 9110 §14.1.2, to which API_GetObject refers for Range.
  for (const [Range, bytes, ContentRange] of [
    ["bytes=0-0", "h", "bytes 0-0/5"],
    ["bytes=1-3", "ell", "bytes 1-3/5"],
    ["bytes=3-", "lo", "bytes 3-4/5"],
    ["bytes=3-99", "lo", "bytes 3-4/5"],
    ["bytes=-2", "lo", "bytes 3-4/5"],
    ["bytes=-99", "hello", "bytes 0-4/5"],
  ] as const) {
    it(`answers ${Range} with 206 ${ContentRange}`, async () => {
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: "k", Range }));
      expect(await got.Body?.transformToString()).to.equal(bytes);
      expect(got).to.deep.include({ ContentRange, ContentLength: bytes.length });
      expect(got.$metadata.httpStatusCode).to.equal(206);
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "k", Range }));
      expect(head.ContentLength).to.equal(bytes.length);
    });
  }

  it("answers several ranges, or a range it cannot read, with the whole object (API_GetObject: Range)", async () => {
    for (const Range of ["bytes=0-1,3-4", "bytes=3-1", "lines=1-2", "bytes=-"]) {
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: "k", Range }));
      expect(await got.Body?.transformToString()).to.equal("hello");
      expect(got.$metadata.httpStatusCode).to.equal(200);
    }
  });

  it("refuses a range behind the end (API_ErrorResponses: InvalidRange)", async () => {
    const error = await failure(get({ Range: "bytes=5-" }));
    expect(error).to.deep.include({ name: "InvalidRange", ActualObjectSize: "5", RangeRequested: "bytes=5-" });
    expect(await code(get({ Range: "bytes=-0" }))).to.equal("416 InvalidRange");
  });

  it("reads on conditions (conditional-reads)", async () => {
    const before = new Date("2026-03-01T11:00:00Z");
    const after = new Date("2026-03-01T13:00:00Z");
    // A date in the future is ignored (recorded: test_s3_get_object_preconditions).
    expect(await status({ IfModifiedSince: after })).to.equal(200);
    aws.clock.now += 2 * 3_600_000;
    expect(await status({ IfMatch: hello })).to.equal(200);
    expect(await status({ IfMatch: other })).to.equal(412);
    expect(await status({ IfNoneMatch: hello })).to.equal(304);
    expect(await status({ IfNoneMatch: other })).to.equal(200);
    expect(await status({ IfModifiedSince: before })).to.equal(200);
    expect(await status({ IfModifiedSince: after })).to.equal(304);
    expect(await status({ IfUnmodifiedSince: before })).to.equal(412);
    expect(await status({ IfUnmodifiedSince: after })).to.equal(200);
    // API_GetObject: "If-Match condition evaluates to true, and If-Unmodified-Since … to false; then S3 returns 200"
    expect(await status({ IfMatch: hello, IfUnmodifiedSince: before })).to.equal(200);
    // "If-None-Match condition evaluates to false, and If-Modified-Since … to true; then S3 returns 304"
    expect(await status({ IfNoneMatch: hello, IfModifiedSince: before })).to.equal(304);
  });

  it("creates only what is not there with If-None-Match: * (conditional-writes)", async () => {
    const create = (Key: string): Promise<unknown> =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body: "new", IfNoneMatch: "*" }));
    await create("fresh");
    const error = await failure(create("fresh"));
    expect(error).to.deep.include({ name: "PreconditionFailed", Condition: "If-None-Match" });
    expect(error.$metadata.httpStatusCode).to.equal(412);
    const odd = s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "new", IfNoneMatch: other }));
    expect(await code(odd)).to.equal("501 NotImplemented");
  });

  it("creates over a delete marker with If-None-Match: * (conditional-writes: versioned buckets)", async () => {
    aws.service.setVersioning(Bucket, "Enabled");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "new", IfNoneMatch: "*" }));
  });

  it("lets exactly one of several simultaneous creations through", async () => {
    const creations = Array.from({ length: 8 }, (_, index) =>
      s3.send(new PutObjectCommand({ Bucket, Key: "race", Body: String(index), IfNoneMatch: "*" })),
    );
    const outcomes = await Promise.allSettled(creations);
    expect(outcomes.filter(({ status: outcome }) => outcome === "fulfilled")).to.have.length(1);
  });

  it("replaces only what is unchanged with If-Match (conditional-writes)", async () => {
    const replace = (Key: string, IfMatch: string): Promise<unknown> =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body: "next", IfMatch }));
    expect(await code(replace("k", other))).to.equal("412 PreconditionFailed");
    await replace("k", hello);
    expect(await code(replace("k", hello))).to.equal("412 PreconditionFailed");
    expect(await code(replace("missing", hello))).to.equal("404 NoSuchKey");
  });

  it("completes uploads on conditions (API_CompleteMultipartUpload: If-None-Match)", async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const part = await s3.send(new UploadPartCommand({ Bucket, Key: "k", UploadId, PartNumber: 1, Body: "part" }));
    const Parts = [{ PartNumber: 1, ETag: part.ETag }];
    const complete = (more: object): Promise<unknown> =>
      s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: "k", UploadId, MultipartUpload: { Parts }, ...more }));
    expect(await code(complete({ IfNoneMatch: "*" }))).to.equal("412 PreconditionFailed");
    await complete({ IfMatch: hello });
  });

  it("deletes only what is unchanged with If-Match (conditional-deletes)", async () => {
    const remove = (Key: string, IfMatch: string): Promise<unknown> =>
      s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));
    expect(await code(remove("k", other))).to.equal("412 PreconditionFailed");
    expect(await code(remove("missing", "*"))).to.equal("404 NoSuchKey");
    await remove("k", hello);
    expect(await code(get({}))).to.equal("404 NoSuchKey");
  });

  it("takes ETags in DeleteObjects, and answers each key (conditional-deletes)", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "l", Body: "hello" }));
    const Objects = [
      { Key: "k", ETag: other },
      { Key: "l", ETag: hello },
    ];
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).to.deep.equal([{ Key: "l" }]);
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).to.deep.equal([["k", "PreconditionFailed"]]);
  });

  it("copies on conditions of the source (API_CopyObject)", async () => {
    const copy = (more: object): Promise<unknown> =>
      s3.send(new CopyObjectCommand({ Bucket, Key: "c", CopySource: `${Bucket}/k`, ...more }));
    await copy({ CopySourceIfMatch: hello });
    expect(await code(copy({ CopySourceIfMatch: other }))).to.equal("412 PreconditionFailed");
    expect(await code(copy({ CopySourceIfNoneMatch: hello }))).to.equal("412 PreconditionFailed");
    const unmodified = copy({ CopySourceIfModifiedSince: new Date("2026-03-01T12:00:00Z") });
    expect((await failure(unmodified)).Condition).to.equal("x-amz-copy-source-If-Modified-Since");
    // Recorded: test_upload_part_copy_with_copy_source_if_modified_since_in_future_success.
    await copy({ CopySourceIfModifiedSince: new Date("2026-03-01T13:00:00Z") });
  });
});
