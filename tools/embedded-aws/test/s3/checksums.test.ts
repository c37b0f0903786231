import { createHash } from "node:crypto";
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from "@aws-sdk/client-s3";
import type { FinalizeRequestMiddleware } from "@smithy/types";
import { expect } from "chai";
import { combineCrc, crcKinds } from "../../s3/crc";
import { createDigest } from "../../s3/checksums";
import { code, startS3, type TestS3 } from "./support";

const Bucket = "photos";

/** Check values of the catalogue of parametrised CRC algorithms, and of the hashes, for "123456789". */
const known = {
  CRC32: "cbf43926",
  CRC32C: "e3069283",
  CRC64NVME: "ae8b14860a799888",
  SHA1: createHash("sha1").update("123456789").digest("hex"),
  SHA256: createHash("sha256").update("123456789").digest("hex"),
} as const;
const algorithms = Object.keys(known) as (keyof typeof known)[];

describe("S3 checksums", () => {
  let aws: TestS3;
  let s3: S3Client;
  beforeEach(async () => {
    aws = await startS3();
    s3 = aws.s3();
    aws.service.ensureBucket(Bucket);
  });
  afterEach(() => aws.close());

  for (const algorithm of algorithms) {
    const name = `Checksum${algorithm}` as const;
    const value = Buffer.from(known[algorithm], "hex").toString("base64");

    it(`verifies, keeps and returns ${algorithm} (checking-object-integrity-upload)`, async () => {
      const put = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "123456789", [name]: value }));
      expect(put).to.deep.include({ [name]: value, ChecksumType: "FULL_OBJECT" });
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" }));
      expect(head[name]).to.equal(value);
      const bad = s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "12345678", [name]: value }));
      expect(await code(bad)).to.equal("400 BadDigest");
      const short = s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "123456789", [name]: "AAA=" }));
      expect(await code(short)).to.equal("400 InvalidRequest");
    });
  }

  it("returns checksums only when asked, and never for a range (API_GetObject: ChecksumMode)", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "123456789", ChecksumAlgorithm: "SHA256" }));
    const silent = aws.s3({ ...aws.config, responseChecksumValidation: "WHEN_REQUIRED" } as typeof aws.config);
    expect((await silent.send(new HeadObjectCommand({ Bucket, Key: "k" }))).ChecksumSHA256).to.equal(undefined);
    const range = await s3.send(
      new GetObjectCommand({ Bucket, Key: "k", Range: "bytes=0-1", ChecksumMode: "ENABLED" }),
    );
    expect(range.ChecksumSHA256).to.equal(undefined);
  });

  it("refuses a body that its Content-MD5 does not describe, and keeps the object as it was", async () => {
    const ContentMD5 = createHash("md5").update("good").digest("base64");
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "good", ContentMD5 }));
    const bad = s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "evil", ContentMD5 }));
    expect(await code(bad)).to.equal("400 BadDigest");
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect(await got.Body?.transformToString()).to.equal("good");
    expect(got.ETag).to.equal(`"${createHash("md5").update("good").digest("hex")}"`);
  });

  it("checks the digests of documents as well (API_DeleteObjects: Content-MD5)", async () => {
    const remove = (more: object): Promise<unknown> =>
      s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "k" }] }, ...more }));
    await remove({});
    const send = (headers: Record<string, string>): Promise<unknown> => {
      const client = aws.s3();
      const forge: FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> = (next) => (args) => {
        Object.assign((args.request as { headers: object }).headers, headers);
        return next(args);
      };
      client.middlewareStack.addRelativeTo(forge, {
        relation: "before",
        toMiddleware: "httpSigningMiddleware",
        name: "forgeDigest",
      });
      return client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "k" }] } }));
    };
    expect(await code(send({ "x-amz-checksum-crc32": "AAAAAA==" }))).to.equal("400 BadDigest");
    expect(await code(send({ "content-md5": createHash("md5").update("x").digest("base64") }))).to.equal(
      "400 BadDigest",
    );
  });

  it("copies the checksum, or computes the one that is asked for (API_CopyObject: ChecksumAlgorithm)", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "123456789", ChecksumAlgorithm: "SHA1" }));
    const CopySource = `${Bucket}/k`;
    const same = await s3.send(new CopyObjectCommand({ Bucket, Key: "same", CopySource }));
    expect(same.CopyObjectResult?.ChecksumSHA1).to.equal(Buffer.from(known.SHA1, "hex").toString("base64"));
    const other = await s3.send(
      new CopyObjectCommand({ Bucket, Key: "o", CopySource, ChecksumAlgorithm: "CRC64NVME" }),
    );
    expect(other.CopyObjectResult?.ChecksumCRC64NVME).to.equal(Buffer.from(known.CRC64NVME, "hex").toString("base64"));
  });

  it("combines the CRCs of two stretches into that of both", async () => {
    for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
      const crc = async (text: string): Promise<Buffer> => {
        const digest = createDigest(algorithm);
        digest.update(Buffer.from(text));
        return Buffer.from(await digest.digest(), "base64");
      };
      for (const cut of [0, 1, 4, 9]) {
        const [head, tail] = ["123456789".slice(0, cut), "123456789".slice(cut)];
        const combined = combineCrc(crcKinds[algorithm], await crc(head), await crc(tail), tail.length);
        expect(combined.toString("hex")).to.equal(known[algorithm]);
      }
    }
  });
});
