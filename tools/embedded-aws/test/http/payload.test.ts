import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { expect } from "chai";
import type { VerifiedCall } from "../../http/authenticate";
import { AwsError } from "../../http/awsError";
import { createChecksum, type ChecksumAlgorithm } from "../../http/checksums";
import { openPayload } from "../../http/payload";
import { readAll } from "../../http/readAll";
import { signingKey } from "../../http/signingKey";

const hashOf = (body: string): string => createHash("sha256").update(body).digest("hex");

/** The example of "Signature calculations: transferring a payload in multiple chunks" (sigv4-streaming.html). */
const scope = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", date: "20130524", region: "us-east-1", service: "s3" };
const verified = (payloadHash: string, seedSignature = ""): VerifiedCall => ({
  principal: { kind: "user", arn: "arn:aws:iam::123456789012:user/test", accountId: "123456789012" },
  service: "s3",
  payloadHash,
  chunks: {
    key: signingKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope),
    timestamp: "20130524T000000Z",
    scope: "20130524/us-east-1/s3/aws4_request",
    seedSignature,
  },
});

/** Cuts a body into pieces that end in the middle of everything. */
function* inPieces(text: string, size: number): Generator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), "latin1");
}

async function read(
  text: string,
  call: VerifiedCall | undefined,
  headers: Record<string, string> = {},
  pieceSize = 1000,
): Promise<{ body: string; trailers: Record<string, string>; headers: Record<string, string | undefined> }> {
  const payload = openPayload(Readable.from(inPieces(text, pieceSize)), headers, call);
  const body = (await readAll(payload.body, Infinity)).toString("latin1");
  return { body, trailers: await payload.trailers, headers: payload.headers };
}

async function failure(reading: Promise<unknown>): Promise<AwsError> {
  const error: unknown = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AwsError) return error;
  throw new Error(`no AwsError, but ${String(error)}`);
}

const chunk = (data: string, signature: string): string =>
  `${data.length.toString(16)};chunk-signature=${signature}\r\n${data}\r\n`;

describe("a payload", () => {
  describe("with its hash in x-amz-content-sha256", () => {
    it("passes when the hash is right", async () => {
      expect((await read("hello", verified(hashOf("hello")))).body).to.equal("hello");
    });
    it("fails when it was tampered with", async () => {
      expect((await failure(read("hellO", verified(hashOf("hello"))))).code).to.equal("XAmzContentSHA256Mismatch");
    });
  });

  it("passes unsigned", async () => {
    expect((await read("hello", verified("UNSIGNED-PAYLOAD"))).body).to.equal("hello");
    expect((await read("hello", undefined)).body).to.equal("hello");
  });

  it("is refused with any other hash", async () => {
    expect((await failure(Promise.resolve().then(() => read("", verified("nonsense"))))).code).to.equal(
      "InvalidArgument",
    );
  });

  describe("in signed chunks", () => {
    const marker = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    const seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    const first = chunk("a".repeat(65_536), "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
    const second = chunk("a".repeat(1024), "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
    const last = chunk("", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
    const headers = {
      "content-encoding": "aws-chunked,gzip",
      "content-length": "66824",
      "x-amz-decoded-content-length": "66560",
    };

    for (const pieceSize of [1, 7, 1000, 100_000]) {
      it(`is decoded from pieces of ${pieceSize} bytes (the published example)`, async () => {
        const found = await read(first + second + last, verified(marker, seed), headers, pieceSize);
        expect(found.body).to.equal("a".repeat(66_560));
        expect(found.headers["content-length"]).to.equal("66560");
        expect(found.headers["content-encoding"]).to.equal("gzip");
      });
    }
    it("fails when a chunk was changed", async () => {
      const changed = second.replace("aaaa", "aaab");
      const error = await failure(read(first + changed + last, verified(marker, seed), headers));
      expect([error.status, error.code]).to.deep.equal([403, "SignatureDoesNotMatch"]);
    });
    it("fails when a chunk was left out", async () => {
      const error = await failure(read(first + last, verified(marker, seed), headers));
      expect(error.code).to.equal("SignatureDoesNotMatch");
    });
    it("fails when it ends early", async () => {
      expect((await failure(read(first, verified(marker, seed), headers))).code).to.equal("IncompleteBody");
      expect((await failure(read(first.slice(0, 99), verified(marker, seed), headers))).code).to.equal(
        "IncompleteBody",
      );
    });
    it("fails without its decoded length, or with another", async () => {
      const error = await failure(Promise.resolve().then(() => read(first, verified(marker, seed), {})));
      expect(error.code).to.equal("MissingContentLength");
      const other = { "x-amz-decoded-content-length": "66561" };
      expect((await failure(read(first + second + last, verified(marker, seed), other))).code).to.equal(
        "IncompleteBody",
      );
    });
  });

  // The example of "Signature calculations: including trailing headers" (sigv4-streaming-trailers.html).
  describe("in signed chunks with a signed trailer", () => {
    const marker = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    const seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
    const chunks =
      chunk("a".repeat(65_536), "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2") +
      chunk("a".repeat(1024), "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7") +
      "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n";
    const trailer = "x-amz-checksum-crc32c:sOO8/Q==\r\n";
    const signature = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435";
    const headers = { "x-amz-decoded-content-length": "66560", "x-amz-trailer": "x-amz-checksum-crc32c" };

    it("is decoded (the published example)", async () => {
      const text = `${chunks}${trailer}x-amz-trailer-signature:${signature}\r\n\r\n`;
      const found = await read(text, verified(marker, seed), headers);
      expect(found.body.length).to.equal(66_560);
      expect(found.trailers).to.deep.equal({ "x-amz-checksum-crc32c": "sOO8/Q==" });
    });
    it("fails when the trailer is not what was signed", async () => {
      const text = `${chunks}${trailer}x-amz-trailer-signature:${signature.replace("d", "e")}\r\n\r\n`;
      expect((await failure(read(text, verified(marker, seed), headers))).code).to.equal("SignatureDoesNotMatch");
    });
  });

  describe("in unsigned chunks with a trailing checksum", () => {
    const call = verified("STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    // The check values of these algorithms for "123456789" (CRC catalogue; NVM Express; FIPS 180-4).
    const checks: [ChecksumAlgorithm, string][] = [
      ["crc32", "cbf43926"],
      ["crc32c", "e3069283"],
      ["crc64nvme", "ae8b14860a799888"],
      ["sha1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"],
      ["sha256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"],
    ];
    for (const [algorithm, hex] of checks) {
      const value = Buffer.from(hex, "hex").toString("base64");
      const headers = { "x-amz-decoded-content-length": "9", "x-amz-trailer": `x-amz-checksum-${algorithm}` };
      it(`passes with the right ${algorithm}`, async () => {
        const text = `9\r\n123456789\r\n0\r\nx-amz-checksum-${algorithm}:${value}\r\n\r\n`;
        const found = await read(text, call, headers, 3);
        expect(found.body).to.equal("123456789");
        expect(found.trailers).to.deep.equal({ [`x-amz-checksum-${algorithm}`]: value });
      });
      it(`fails with a wrong ${algorithm}`, async () => {
        const text = `9\r\n12345678x\r\n0\r\nx-amz-checksum-${algorithm}:${value}\r\n\r\n`;
        expect((await failure(read(text, call, headers))).code).to.equal("BadDigest");
      });
    }

    const headers = { "x-amz-decoded-content-length": "9", "x-amz-trailer": "x-amz-checksum-crc32" };
    it("fails when the trailer is missing or another", async () => {
      expect((await failure(read("9\r\n123456789\r\n0\r\n\r\n", call, headers))).code).to.equal(
        "MalformedTrailerError",
      );
      const other = "9\r\n123456789\r\n0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n";
      expect((await failure(read(other, call, headers))).code).to.equal("MalformedTrailerError");
    });
    it("fails when a chunk before the last is under 8 KiB", async () => {
      const text = "5\r\n12345\r\n4\r\n6789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n";
      expect((await failure(read(text, call, headers))).code).to.equal("InvalidChunkSizeError");
    });
    it("fails on what is not a chunk", async () => {
      expect((await failure(read("hello world\r\n", call, headers))).code).to.equal("InvalidRequest");
    });
    it("refuses a trailer that is not a checksum", async () => {
      const unknown = { ...headers, "x-amz-trailer": "x-amz-meta-a" };
      const error = await failure(Promise.resolve().then(() => read("", call, unknown)));
      expect(error.code).to.equal("InvalidRequest");
    });
  });
});

describe("a checksum", () => {
  it("is the same in one piece and in several", async () => {
    for (const algorithm of ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const) {
      const whole = createChecksum(algorithm);
      const pieces = createChecksum(algorithm);
      whole.update(Buffer.from("123456789"));
      for (const digit of "123456789") pieces.update(Buffer.from(digit));
      expect(await pieces.digest(), algorithm).to.equal(await whole.digest());
    }
  });
});
