import { createHash, randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  CopyObjectCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { code, failure, startS3, type TestS3 } from "./support";

const Bucket = "photos";
const Key = "big file.bin";
const mebibyte = 1024 * 1024;

describe("S3 multipart uploads", () => {
  let aws: TestS3;
  let s3: S3Client;
  const first = randomBytes(5 * mebibyte);
  const second = randomBytes(1000);
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  const start = async (more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? "";
  const part = async (UploadId: string, PartNumber: number, Body: Uint8Array, more = {}): Promise<CompletedPart> => {
    const sent = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }));
    const { ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME, ChecksumCRC32C } = sent;
    // Naming a part's checksum in an upload without one is an error: see recorded.test.ts.
    if (!("ChecksumAlgorithm" in more)) return { PartNumber, ETag };
    return { PartNumber, ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME, ChecksumCRC32C };
  };
  const complete = (UploadId: string, Parts: CompletedPart[], more = {}) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
  const md5 = (bytes: Uint8Array): Buffer => createHash("md5").update(bytes).digest();

  it("joins parts into one object whose ETag tells their number (API_CompleteMultipartUpload)", async () => {
    const id = await start({ ContentType: "image/png", Metadata: { a: "b" }, Tagging: "x=y" });
    const parts = [await part(id, 2, first), await part(id, 5, second)];
    const done = await complete(id, parts);
    const expected = createHash("md5")
      .update(Buffer.concat([md5(first), md5(second)]))
      .digest("hex");
    expect(done).to.deep.include({ ETag: `"${expected}-2"`, Bucket, Key });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(got).to.deep.include({ ContentType: "image/png", Metadata: { a: "b" }, TagCount: 1 });
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([first, second]))).to.equal(true);
  });

  it("answers a repeated completion as the first, and forgets other ones (ceph/s3-tests: test_multipart_upload)", async () => {
    const id = await start();
    const parts = [await part(id, 1, second)];
    const done = await complete(id, parts);
    const again = await complete(id, parts);
    expect([again.ETag, again.ChecksumCRC64NVME]).to.deep.equal([done.ETag, done.ChecksumCRC64NVME]);
    expect(await code(complete(id, [{ ...parts[0], ETag: "other" }]))).to.equal("404 NoSuchUpload");
    expect(await code(s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id })))).to.equal("404 NoSuchUpload");
  });

  it("reads ranges across parts, and single parts (API_GetObject: partNumber)", async () => {
    const id = await start();
    await complete(id, [await part(id, 1, first), await part(id, 2, second)]);
    const Range = `bytes=${first.length - 2}-${first.length + 1}`;
    const across = await s3.send(new GetObjectCommand({ Bucket, Key, Range }));
    const expected = Buffer.concat([first.subarray(-2), second.subarray(0, 2)]);
    expect(Buffer.from((await across.Body?.transformToByteArray()) ?? []).equals(expected)).to.equal(true);
    const last = await s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
    expect(last).to.deep.include({ PartsCount: 2, ContentLength: 1000 });
    expect(last.ContentRange).to.equal(`bytes ${first.length}-${first.length + 999}/${first.length + 1000}`);
    expect(Buffer.from((await last.Body?.transformToByteArray()) ?? []).equals(second)).to.equal(true);
    expect(await code(s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 3 })))).to.equal("416 InvalidPartNumber");
  });

  it("refuses parts that are missing, changed, out of order or too small (API_CompleteMultipartUpload: errors)", async () => {
    const id = await start();
    const one = await part(id, 1, second);
    const two = await part(id, 2, second.subarray(1));
    expect(await code(complete(id, [{ ...one, ETag: two.ETag }]))).to.equal("400 InvalidPart");
    expect(await code(complete(id, [{ ...one, PartNumber: 3 }]))).to.equal("400 InvalidPart");
    expect(await code(complete(id, [two, one]))).to.equal("400 InvalidPartOrder");
    const small = await failure(complete(id, [one, two]));
    expect(small).to.deep.include({ name: "EntityTooSmall", PartNumber: "1", ProposedSize: "1000" });
    await complete(id, [one]);
  });

  it("takes the last upload of a part number (mpuoverview)", async () => {
    const id = await start();
    await part(id, 1, first);
    const again = await part(id, 1, second);
    await complete(id, [again]);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).to.equal(1000);
    expect(await code(part("nope", 1, second))).to.equal("404 NoSuchUpload");
    expect(await code(s3.send(new UploadPartCommand({ Bucket, Key, UploadId: id, PartNumber: 10_001 })))).to.equal(
      "400 InvalidArgument",
    );
  });

  it("forgets an aborted upload (API_AbortMultipartUpload)", async () => {
    const id = await start();
    await part(id, 1, second);
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: id }));
    expect(await code(s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id })))).to.equal("404 NoSuchUpload");
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).to.equal(undefined);
    expect(aws.db.prepare("SELECT count(*) AS files FROM s3_file").get()?.files).to.equal(0);
  });

  it("copies parts and ranges of other objects (API_UploadPartCopy)", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "so+urce", Body: first }));
    const id = await start();
    const copy = async (PartNumber: number, CopySourceRange?: string): Promise<CompletedPart> => {
      const CopySource = `${Bucket}/${encodeURIComponent("so+urce")}`;
      const input = { Bucket, Key, UploadId: id, PartNumber, CopySource, CopySourceRange };
      const { CopyPartResult } = await s3.send(new UploadPartCopyCommand(input));
      return { PartNumber, ETag: CopyPartResult?.ETag };
    };
    const parts = [await copy(1), await copy(2, "bytes=10-19")];
    expect(parts[1]?.ETag).to.equal(`"${md5(first.subarray(10, 20)).toString("hex")}"`);
    expect(await code(copy(3, `bytes=0-${first.length}`))).to.equal("400 InvalidArgument");
    expect(await code(copy(3, `bytes=${first.length}-${first.length + 1}`))).to.equal("400 InvalidRequest");
    expect(await code(copy(3, "bytes=5-"))).to.equal("400 InvalidArgument");
    await complete(id, parts);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([first, first.subarray(10, 20)]))).to.equal(true);
  });

  it("lists parts page by page (API_ListParts)", async () => {
    const id = await start();
    for (const number of [1, 2, 7]) await part(id, number, second);
    const page = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id, MaxParts: 2 }));
    expect(page.Parts?.map((entry) => entry.PartNumber)).to.deep.equal([1, 2]);
    expect(page).to.deep.include({ IsTruncated: true, NextPartNumberMarker: "2" });
    const rest = await s3.send(
      new ListPartsCommand({ Bucket, Key, UploadId: id, PartNumberMarker: page.NextPartNumberMarker }),
    );
    expect(rest.Parts?.map((entry) => [entry.PartNumber, entry.Size])).to.deep.equal([[7, 1000]]);
    expect(rest.IsTruncated).to.equal(false);
  });

  it("lists uploads by key and then by age, page by page (API_ListMultipartUploads)", async () => {
    const ids = [
      await start({ Key: "b" }),
      await start({ Key: "a" }),
      await start({ Key: "a" }),
      await start({ Key: "d/e" }),
    ];
    const expected = [ids[1], ids[2], ids[0]];
    const seen: (string | undefined)[] = [];
    let markers = {};
    for (let truncated = true; truncated;) {
      const page = await s3.send(
        new ListMultipartUploadsCommand({ Bucket, Delimiter: "/", MaxUploads: 1, ...markers }),
      );
      seen.push(...(page.Uploads ?? []).map((upload) => upload.UploadId));
      seen.push(...(page.CommonPrefixes ?? []).map((group) => group.Prefix));
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      truncated = page.IsTruncated === true;
    }
    expect(seen).to.deep.equal([...expected, "d/"]);
  });

  // Checksum types: checking-object-integrity-upload, "Full object and composite checksum types".
  it("answers a composite checksum of the parts' checksums", async () => {
    const id = await start({ ChecksumAlgorithm: "SHA256" });
    const parts = [
      await part(id, 1, first, { ChecksumAlgorithm: "SHA256" }),
      await part(id, 2, second, { ChecksumAlgorithm: "SHA256" }),
    ];
    const done = await complete(id, parts);
    const sha = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
    const composite = sha(Buffer.concat([sha(first), sha(second)])).toString("base64");
    expect(done).to.deep.include({ ChecksumSHA256: `${composite}-2`, ChecksumType: "COMPOSITE" });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
    expect(head.ChecksumSHA256).to.equal(`${composite}-2`);
  });

  it("asks for every part's checksum when the upload is composite (API_CompleteMultipartUpload)", async () => {
    const id = await start({ ChecksumAlgorithm: "SHA256" });
    const { PartNumber, ETag } = await part(id, 1, second, { ChecksumAlgorithm: "SHA256" });
    expect((await failure(complete(id, [{ PartNumber, ETag }]))).message).to.contain("missing for part 1");
    expect(await code(part(id, 1, second, { ChecksumAlgorithm: "CRC32C" }))).to.equal("400 InvalidRequest");
  });

  for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
    it(`answers the ${algorithm} of the whole object when asked to`, async () => {
      const whole = Buffer.concat([first, second]);
      const put = await s3.send(
        new PutObjectCommand({ Bucket, Key: "whole", Body: whole, ChecksumAlgorithm: algorithm }),
      );
      const id = await start({ ChecksumAlgorithm: algorithm, ChecksumType: "FULL_OBJECT" });
      const more = { ChecksumAlgorithm: algorithm };
      const done = await complete(id, [await part(id, 1, first, more), await part(id, 2, second, more)]);
      const name = `Checksum${algorithm}` as const;
      expect(done[name]).to.be.a("string").that.equals(put[name]);
      expect(done.ChecksumType).to.equal("FULL_OBJECT");
      const wrong = await start({ ChecksumAlgorithm: algorithm, ChecksumType: "FULL_OBJECT" });
      const only = [await part(wrong, 1, second, more)];
      expect(await code(complete(wrong, only, { [name]: put[name] }))).to.equal("400 BadDigest");
    });
  }

  it("copies an object that came in parts as one in a single piece (API_CopyObject)", async () => {
    const id = await start();
    await complete(id, [await part(id, 1, first), await part(id, 2, second)]);
    const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;
    const { CopyObjectResult } = await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
    expect(CopyObjectResult?.ETag).to.equal(`"${md5(Buffer.concat([first, second])).toString("hex")}"`);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "copy", ChecksumMode: "ENABLED" }));
    expect(await got.Body?.transformToByteArray()).to.have.length(first.length + second.length);
  });
});
