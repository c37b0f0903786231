import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { awkwardKeys } from "./names";
import { code, failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";

/** Every file below the folder of bodies. */
const bodyFiles = (aws: TestS3): string[] =>
  readdirSync(join(aws.dir, "bodies"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

describe("S3 objects", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  const text = async (Key: string, more: object = {}): Promise<string | undefined> =>
    (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();

  it("returns what was put, with the MD5 as ETag (API_PutObject: ETag)", async () => {
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: "a.txt", Body: "hello" }));
    expect(put.ETag).to.equal('"5d41402abc4b2a76b9719d911017c592"');
    expect(put.VersionId).to.equal(undefined);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "a.txt" }));
    expect(await got.Body?.transformToString()).to.equal("hello");
    expect(got).to.deep.include({
      ETag: put.ETag,
      ContentLength: 5,
      ContentType: "application/octet-stream",
      AcceptRanges: "bytes",
      ServerSideEncryption: "AES256",
    });
    expect(got.LastModified).to.deep.equal(new Date("2026-03-01T12:00:00.000Z"));
  });

  it("tells its owner to the millisecond when an object was stored", async () => {
    aws.clock.now += 123;
    await s3.send(new PutObjectCommand({ Bucket, Key: "a.txt", Body: "hello" }));
    expect(aws.service.modified(Bucket, "a.txt")).to.equal(Date.parse("2026-03-01T12:00:00.123Z"));
    expect(aws.service.modified(Bucket, "b.txt")).to.equal(undefined);
    expect(() => aws.service.modified("none", "a.txt")).to.throw("bucket does not exist");
  });

  it("keeps system and user metadata and answers HEAD without a body (UsingMetadata)", async () => {
    const metadata = {
      ContentType: "image/png",
      ContentEncoding: "gzip",
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="x.png"',
      ContentLanguage: "de",
      Metadata: { camera: "x100", empty: "" },
      StorageClass: "STANDARD_IA" as const,
    };
    const Expires = new Date("2030-01-01T00:00:00.000Z");
    await s3.send(new PutObjectCommand({ Bucket, Key: "m", Body: "12", ...metadata, Expires }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "m" }));
    expect(head).to.deep.include({ ...metadata, ContentLength: 2 });
    expect(head.ExpiresString).to.equal("Tue, 01 Jan 2030 00:00:00 GMT");
  });

  it("refuses user metadata over 2 KB (UsingMetadata: user-defined metadata is limited to 2 KB)", async () => {
    const put = (size: number): Promise<unknown> =>
      s3.send(new PutObjectCommand({ Bucket, Key: "m", Body: "x", Metadata: { k: "x".repeat(size) } }));
    await put(2047);
    expect(await code(put(2048))).to.equal("400 MetadataTooLarge");
  });

  it("overrides response headers for signed callers (API_GetObject: overriding response header values)", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "o", Body: "x", ContentType: "text/plain" }));
    const got = await s3.send(
      new GetObjectCommand({
        Bucket,
        Key: "o",
        ResponseContentType: "image/webp",
        ResponseContentDisposition: 'attachment; filename="ü.webp"',
        ResponseCacheControl: "no-store",
      }),
    );
    expect(got.ContentType).to.equal("image/webp");
    expect(got.CacheControl).to.equal("no-store");
  });

  for (const Key of awkwardKeys) {
    it(`takes the key ${JSON.stringify(Key)} through put, get, list, copy and delete`, async () => {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      expect(await text(Key)).to.equal(Key);
      const listed = await s3.send(new ListObjectsV2Command({ Bucket }));
      expect(listed.Contents?.map((item) => item.Key)).to.deep.equal([Key]);
      const encoded = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: "url" }));
      const [first] = encoded.Contents ?? [];
      expect(first?.Key).to.match(/^[\w.\-~*/%+]+$/);
      expect(decodeURIComponent((first?.Key ?? "").replaceAll("+", " "))).to.equal(Key);
      const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;
      await s3.send(new CopyObjectCommand({ Bucket, Key: `copy/${Key}`, CopySource }));
      expect(await text(`copy/${Key}`)).to.equal(Key);
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      expect(await code(s3.send(new GetObjectCommand({ Bucket, Key })))).to.equal("404 NoSuchKey");
    });
  }

  it("takes keys of up to 1,024 bytes of UTF-8 (object-keys)", async () => {
    const Key = "ü".repeat(512);
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    expect(await text(Key)).to.equal("x");
    const tooLong = await failure(s3.send(new PutObjectCommand({ Bucket, Key: `${Key}.`, Body: "x" })));
    expect(tooLong).to.deep.include({ name: "KeyTooLongError", Size: "1025", MaxSizeAllowed: "1024" });
  });

  it("names the missing key and bucket (API_ErrorResponses: NoSuchKey, NoSuchBucket)", async () => {
    const missing = await failure(s3.send(new GetObjectCommand({ Bucket, Key: "no" })));
    expect(missing).to.deep.include({ name: "NoSuchKey", message: "The specified key does not exist.", Key: "no" });
    expect(await code(s3.send(new HeadObjectCommand({ Bucket, Key: "no" })))).to.equal("404 NotFound");
    const gone = await failure(s3.send(new PutObjectCommand({ Bucket: "nowhere", Key: "k", Body: "x" })));
    expect(gone).to.deep.include({ name: "NoSuchBucket", BucketName: "nowhere" });
  });

  it("stores large bodies that come as a stream, aws-chunked with a trailing checksum", async () => {
    const Body = randomBytes(3 * 1024 * 1024 + 17);
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key: "big", Body: Readable.from([Body]), ContentLength: Body.length }),
    );
    expect(put.ChecksumCRC32).to.be.a("string");
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "big", ChecksumMode: "ENABLED" }));
    expect(Buffer.compare((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0), Body)).to.equal(0);
    expect(got.ChecksumCRC32).to.equal(put.ChecksumCRC32);
    expect(got.ContentEncoding).to.equal(undefined);
  });

  it("stores empty objects", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "empty", Body: new Uint8Array(0), ContentLength: 0 }));
    expect(await text("empty")).to.equal("");
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "empty" }));
    expect(got.ETag).to.equal('"d41d8cd98f00b204e9800998ecf8427e"');
  });

  it("keeps one body file for an overwritten object, and none for a deleted one", async () => {
    for (const Body of ["one", "two", "three"]) await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body }));
    expect(await text("k")).to.equal("three");
    expect(bodyFiles(aws)).to.have.length(1);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await eventually(() => bodyFiles(aws).length === 0)).to.equal(true);
  });

  it("keeps nothing of an upload whose client hangs up", async () => {
    const { port } = new URL(aws.url);
    aws.service.configure(Bucket, "publicAccessBlock", "<PublicAccessBlockConfiguration/>");
    aws.service.setPolicy(
      Bucket,
      JSON.stringify({
        Statement: { Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: `arn:aws:s3:::${Bucket}/*` },
      }),
    );
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`PUT /${Bucket}/half HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(200_000)}`);
    expect(await eventually(() => bodyFiles(aws).length === 1)).to.equal(true);
    socket.destroy();
    expect(await eventually(() => bodyFiles(aws).length === 0)).to.equal(true);
    expect(await code(s3.send(new GetObjectCommand({ Bucket, Key: "half" })))).to.equal("404 NoSuchKey");
  });

  it("asks for a length (API_ErrorResponses: MissingContentLength)", async () => {
    const answer = await aws.service.handle({
      service: "s3",
      method: "PUT",
      path: `/${Bucket}/k`,
      query: new URLSearchParams(),
      headers: {},
      body: Readable.from([]),
      principal: { kind: "user", arn: "arn:aws:iam::123456789012:user/owner", accountId: "123456789012" },
      requestId: "R",
      secure: true,
    });
    expect(answer.status).to.equal(411);
    expect(answer.body).to.contain("<Code>MissingContentLength</Code>");
  });
});

/** Waits, turn by turn of the event loop, for what happens outside of any request. */
async function eventually(holds: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 20_000 && !holds(); turn++) await new Promise((resolve) => setImmediate(resolve));
  return holds();
}
