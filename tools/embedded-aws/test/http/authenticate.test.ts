import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect } from "chai";
import { authenticate, verifySignature, type HashedCall } from "../../http/authenticate";
import { AwsError } from "../../http/awsError";
import { parseTarget } from "../../http/parsedRequest";
import type { Credentials } from "../../iam/credentials";
import type { Principal } from "../../iam/principal";

const principal: Principal = { kind: "user", arn: "arn:aws:iam::123456789012:user/test", accountId: "123456789012" };
const keyRing = (...known: (Credentials & { expiresAt?: number })[]) => ({
  lookup: (accessKeyId: string) => {
    const credentials = known.find((entry) => entry.accessKeyId === accessKeyId);
    return credentials && { principal, credentials };
  },
});
/** A hash with the methods that the SDK's signer calls. */
class Sha256 {
  private readonly hash: { update(data: Uint8Array): unknown; digest(): Buffer };
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }
  update(data: Uint8Array): void {
    this.hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
  reset(): void {
    throw new Error("not needed");
  }
}
const bytesOf = (data: string | ArrayBuffer | ArrayBufferView): Uint8Array => {
  if (typeof data === "string") return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
};

const hashOf = (body: string): string => createHash("sha256").update(body).digest("hex");

// The keys and the time of AWS's "Signature Version 4 test suite" (aws-sig-v4-test-suite).
const suiteKeys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const suite = {
  iam: keyRing(suiteKeys),
  now: () => new Date("2015-08-30T12:36:00Z"),
};
function suiteCall(
  name: string,
  signature: string,
  request: { method?: string; url: string; headers?: Record<string, string>; body?: string },
): [string, HashedCall] {
  const headers = { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z", ...request.headers };
  const signedHeaders = Object.keys(headers).sort().join(";");
  const authorization =
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
    `SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return [
    name,
    {
      method: request.method ?? "GET",
      ...parseTarget(request.url),
      headers: { ...headers, authorization },
      payloadHash: hashOf(request.body ?? ""),
    },
  ];
}

const suiteCalls = [
  suiteCall("get-vanilla", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", { url: "/" }),
  suiteCall("get-utf8", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85", {
    url: Buffer.from("/ሴ").toString("latin1"),
  }),
  suiteCall("get-unreserved", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f", {
    url: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
  }),
  suiteCall("get-slash-dot-slash", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", { url: "/./" }),
  suiteCall("get-relative", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", {
    url: "/example/..",
  }),
  suiteCall("get-vanilla-query-order-key-case", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500", {
    url: "/?Param2=value2&Param1=value1",
  }),
  suiteCall("get-header-value-trim", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", {
    url: "/",
    headers: { "my-header1": " value1", "my-header2": ' "a   b   c"' },
  }),
  suiteCall("post-x-www-form-urlencoded", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", {
    method: "POST",
    url: "/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Param1=value1",
  }),
];

// "Examples: Signature Calculations" of the S3 API reference (sig-v4-header-based-auth.html, sigv4-query-string-auth.html).
const s3 = {
  iam: keyRing({
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  }),
  now: () => new Date("2013-05-24T00:00:00Z"),
};
function s3Call(method: string, url: string, headers: Record<string, string>, signature: string): HashedCall {
  const all: Record<string, string> = {
    host: "examplebucket.s3.amazonaws.com",
    "x-amz-date": "20130524T000000Z",
    "x-amz-content-sha256": hashOf(""),
    ...headers,
  };
  const authorization =
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
    `SignedHeaders=${Object.keys(all).sort().join(";")},Signature=${signature}`;
  return { method, ...parseTarget(url), headers: { ...all, authorization } };
}
const getObject = s3Call(
  "GET",
  "/test.txt",
  { range: "bytes=0-9" },
  "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
);
const presigned: HashedCall = {
  method: "GET",
  ...parseTarget(
    "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256" +
      "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
      "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
      "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  ),
  headers: { host: "examplebucket.s3.amazonaws.com" },
};

function failure(call: HashedCall, options: Parameters<typeof authenticate>[1]): AwsError {
  try {
    authenticate(call, options);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error("the call was accepted");
}

const withHeaders = (call: HashedCall, headers: Record<string, string | undefined>): HashedCall => ({
  ...call,
  headers: { ...call.headers, ...headers },
});

const withTarget = (call: HashedCall, from: string, to: string): HashedCall => ({
  ...call,
  ...parseTarget(`${call.path}?${call.rawQuery}`.replace(from, to)),
});

describe("authenticate", () => {
  describe("accepts the published examples", () => {
    for (const [name, call] of suiteCalls) {
      it(name, () => {
        expect(authenticate(call, suite)).to.equal(principal);
      });
    }
    it("S3: GET Object", () => {
      expect(authenticate(getObject, s3)).to.equal(principal);
    });
    it("S3: PUT Object, whose key has a dollar sign", () => {
      const put = s3Call(
        "PUT",
        "/test%24file.text",
        {
          date: "Fri, 24 May 2013 00:00:00 GMT",
          "x-amz-storage-class": "REDUCED_REDUNDANCY",
          "x-amz-content-sha256": hashOf("Welcome to Amazon S3."),
        },
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
      );
      expect(authenticate(put, s3)).to.equal(principal);
      expect(verifySignature(put, s3).payloadHash).to.equal(hashOf("Welcome to Amazon S3."));
    });
    it("S3: GET Bucket Lifecycle, whose query has no value", () => {
      const get = s3Call("GET", "/?lifecycle", {}, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
      expect(authenticate(get, s3)).to.equal(principal);
    });
    it("S3: a presigned URL", () => {
      expect(authenticate(presigned, s3)).to.equal(principal);
    });
  });

  describe("accepts what an SDK signs", () => {
    const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
    const iam = keyRing(credentials);
    const sign = async (service: string, path: string, query: Record<string, string>): Promise<HashedCall> => {
      const s3Path = service === "s3";
      const signer = new SignatureV4({
        service,
        region: "us-east-1",
        credentials,
        sha256: Sha256,
        // S3 alone signs the path as it is sent.
        uriEscapePath: !s3Path,
        applyChecksum: s3Path,
      });
      const { method, headers } = await signer.sign({
        method: "GET",
        protocol: "http:",
        hostname: "127.0.0.1",
        path,
        query,
        headers: { host: "127.0.0.1" },
      });
      const encoded = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join("="));
      return { method, ...parseTarget(`${path}?${encoded.join("&")}`), headers, payloadHash: hashOf("") };
    };

    it("a query in which a space is sent as a plus sign", async () => {
      const call = await sign("execute-api", "/dev/raw", { prefix: "a b" });
      const changed = withTarget(call, "a%20b", "a+b");
      expect(authenticate(changed, { iam })).to.equal(principal);
    });

    const names = [
      "plain.jpg",
      "a b.jpg",
      "a+b.jpg",
      "100%.jpg",
      "it's (1)!*.jpg",
      'a"b.jpg',
      "é ü ß.jpg",
      "😀&=?#;,:@$.jpg",
    ];
    for (const service of ["s3", "execute-api"]) {
      for (const name of names) {
        it(`${service}: ${name}`, async () => {
          // The S3 client encodes all but the unreserved characters; elsewhere callers send what encodeURIComponent gives.
          const hex = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
          const encoded = encodeURIComponent(name);
          const segment = service === "s3" ? encoded.replace(/[!'()*]/g, hex) : encoded;
          const call = await sign(service, `/dev/raw/${segment}`, { "a b+": name, z: "", A: "1" });
          expect(authenticate(call, { iam, service })).to.equal(principal);
          const other = withTarget(call, "/raw/", "/row/");
          expect(failure(other, { iam }).code).to.equal("SignatureDoesNotMatch");
        });
      }
    }
  });

  describe("refuses", () => {
    const [, vanilla] = suiteCalls[0]!;
    const cases: [string, HashedCall, Parameters<typeof authenticate>[1], { status: number; code: string }][] = [
      ["another path", { ...getObject, path: "/other.txt" }, s3, { status: 403, code: "SignatureDoesNotMatch" }],
      ["another method", { ...getObject, method: "PUT" }, s3, { status: 403, code: "SignatureDoesNotMatch" }],
      ["another body", { ...vanilla, payloadHash: hashOf("x") }, suite, { status: 403, code: "SignatureDoesNotMatch" }],
      [
        "a wrong secret",
        getObject,
        { ...s3, iam: keyRing({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "other" }) },
        { status: 403, code: "SignatureDoesNotMatch" },
      ],
      ["an unknown key at S3", getObject, { ...s3, iam: keyRing() }, { status: 403, code: "InvalidAccessKeyId" }],
      ["an unknown key", vanilla, { ...suite, iam: keyRing() }, { status: 403, code: "InvalidClientTokenId" }],
      [
        "a wrong session token",
        withHeaders(vanilla, { "x-amz-security-token": "t" }),
        suite,
        { status: 403, code: "InvalidClientTokenId" },
      ],
      [
        "keys that have expired",
        vanilla,
        { ...suite, iam: keyRing({ ...suiteKeys, expiresAt: suite.now().getTime() }) },
        { status: 403, code: "ExpiredToken" },
      ],
      [
        "keys that have expired, at S3",
        getObject,
        { ...s3, iam: keyRing({ ...s3.iam.lookup("AKIAIOSFODNN7EXAMPLE")!.credentials, expiresAt: 0 }) },
        { status: 400, code: "ExpiredToken" },
      ],
      [
        "no signature",
        withHeaders(vanilla, { authorization: undefined }),
        suite,
        { status: 403, code: "MissingAuthenticationToken" },
      ],
      [
        "half a signature",
        withHeaders(vanilla, {
          authorization: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request",
        }),
        suite,
        { status: 400, code: "IncompleteSignature" },
      ],
      [
        "Signature Version 2",
        withHeaders(getObject, { authorization: "AWS AKIAIOSFODNN7EXAMPLE:c2ln" }),
        s3,
        { status: 400, code: "InvalidRequest" },
      ],
      [
        "Signature Version 2 where AWS takes it",
        withHeaders(getObject, { authorization: "AWS AKIAIOSFODNN7EXAMPLE:c2ln" }),
        { ...s3, region: "us-east-1" },
        { status: 501, code: "NotImplemented" },
      ],
      [
        "an unsigned x-amz- header at S3",
        withHeaders(getObject, { "x-amz-acl": "public-read" }),
        s3,
        { status: 403, code: "AccessDenied" },
      ],
      [
        "S3 without a payload hash",
        withHeaders(getObject, { "x-amz-content-sha256": undefined }),
        s3,
        { status: 400, code: "InvalidRequest" },
      ],
      ["another service", vanilla, { ...suite, service: "sqs" }, { status: 403, code: "SignatureDoesNotMatch" }],
      [
        "another region at S3",
        getObject,
        { ...s3, region: "eu-central-1" },
        { status: 400, code: "AuthorizationHeaderMalformed" },
      ],
      [
        "a clock that is off by more than 15 minutes at S3",
        getObject,
        { ...s3, now: () => new Date("2013-05-24T00:15:01Z") },
        { status: 403, code: "RequestTimeTooSkewed" },
      ],
      [
        "a clock that is off by more than 15 minutes",
        vanilla,
        { ...suite, now: () => new Date("2015-08-30T12:20:59Z") },
        { status: 403, code: "SignatureDoesNotMatch" },
      ],
      [
        "an expired URL",
        presigned,
        { ...s3, now: () => new Date("2013-05-25T00:00:01Z") },
        { status: 403, code: "AccessDenied" },
      ],
      [
        "a URL from the future",
        presigned,
        { ...s3, now: () => new Date("2013-05-23T23:44:59Z") },
        { status: 403, code: "AccessDenied" },
      ],
      [
        "a signature that leaves out the host",
        withHeaders(getObject, { authorization: getObject.headers.authorization?.replace("host;", "") }),
        s3,
        { status: 403, code: "AccessDenied" },
      ],
      [
        "a URL that would be valid for more than a week",
        withTarget(presigned, "86400", "604801"),
        s3,
        { status: 400, code: "AuthorizationQueryParametersError" },
      ],
      [
        "a URL whose lifetime was changed",
        withTarget(presigned, "86400", "86401"),
        s3,
        { status: 403, code: "SignatureDoesNotMatch" },
      ],
    ];
    for (const [name, call, options, expected] of cases) {
      it(name, () => {
        const { status, code } = failure(call, options);
        expect({ status, code }).to.deep.equal(expected);
      });
    }
  });

  it("reads an encoded slash in S3's path as a slash (recorded: test_pre_signed_url_forward_slash_bucket)", () => {
    const encoded = { ...getObject, path: "/%2Ftest.txt" };
    expect(() => authenticate(encoded, s3))
      .to.throw(AwsError)
      .with.nested.property("details.CanonicalRequest")
      .that.matches(/^GET\n\/\/test\.txt\n/);
  });

  it("refuses a scope of another day than the request's", () => {
    const [, vanilla] = suiteCalls[0]!;
    const authorization = vanilla.headers.authorization?.replace("/20150830/", "/20150829/");
    expect(failure(withHeaders(vanilla, { authorization }), suite).message).to.equal(
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
        "'20150829' != '20150830', from '20150830T123600Z'.",
    );
  });

  it("still accepts 15 minutes of skew, and a URL in its last second", () => {
    expect(authenticate(getObject, { ...s3, now: () => new Date("2013-05-24T00:15:00Z") })).to.equal(principal);
    expect(authenticate(presigned, { ...s3, now: () => new Date("2013-05-25T00:00:00Z") })).to.equal(principal);
  });

  it("words an expired signature as AWS does", () => {
    const [, vanilla] = suiteCalls[0]!;
    expect(failure(vanilla, { ...suite, now: () => new Date("2015-08-30T13:00:00Z") }).message).to.equal(
      "Signature expired: 20150830T123600Z is now earlier than 20150830T124500Z (20150830T130000Z - 15 min.)",
    );
    expect(failure(presigned, { ...s3, now: () => new Date("2013-05-25T00:00:01Z") }).message).to.equal(
      "Request has expired",
    );
  });
});
