import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { DynamoDBServiceException, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  GetObjectCommand,
  PutObjectCommand,
  S3ServiceException,
  type ChecksumAlgorithm,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { ListQueuesCommand, SQSServiceException } from "@aws-sdk/client-sqs";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect } from "chai";
import { AwsError } from "../../http/awsError";
import { errorResponse } from "../../http/errorFormats";
import { readAll } from "../../http/readAll";
import type { Call } from "../../http/server";
import type { AwsRequest, WireService } from "../../http/wireService";
import { startTestAws, type TestAws } from "../support/aws";

interface Seen extends Omit<AwsRequest, "body" | "trailers"> {
  payload: string;
  trailing: Record<string, string>;
}

/** Takes every call, remembers it, and answers its own errors as services do. */
function recorder(seen: Seen[]): WireService {
  return {
    handle: async ({ body, trailers, ...request }) => {
      try {
        const payload = (await readAll(body, Infinity)).toString();
        seen.push({ ...request, payload, trailing: (await trailers) ?? {} });
        return { status: 200, headers: {}, body: request.service === "s3" ? "" : "{}" };
      } catch (error) {
        return errorResponse(request.service, error as AwsError, request.requestId);
      }
    },
  };
}

const rejection = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => {
      throw new Error("it was accepted");
    },
    (error: unknown) => error,
  );

describe("the AWS endpoint", () => {
  let aws: TestAws;
  let seen: Seen[];
  let onCall: ((call: Call) => void) | undefined;
  let losesAnswer: ((call: Call) => boolean) | undefined;
  let now: (() => Date) | undefined;

  beforeEach(async () => {
    seen = [];
    onCall = undefined;
    losesAnswer = undefined;
    now = undefined;
    const service = recorder(seen);
    aws = await startTestAws({
      services: () => ({ s3: service, sqs: service, dynamodb: service }),
      onCall: (call) => onCall?.(call),
      losesAnswer: (call) => losesAnswer?.(call) ?? false,
      now: () => now?.() ?? new Date(),
    });
  });
  afterEach(() => aws.close());

  const s3With = (config: S3ClientConfig) => aws.s3({ ...aws.config, ...config } as typeof aws.config);

  describe("takes uploads of the S3 client", () => {
    for (const name of ["plain.jpg", "a b+c%d.jpg", `it's "(1)"!*.jpg`, "é ü ß.jpg", "😀&=?#;,:@$.jpg"]) {
      it(`of ${name}`, async () => {
        await aws.s3().send(new PutObjectCommand({ Bucket: "photos", Key: `images/${name}`, Body: "hello" }));
        expect(seen).to.have.length(1);
        expect(decodeURIComponent(seen[0]!.path)).to.equal(`/photos/images/${name}`);
        expect(seen[0]!.payload).to.equal("hello");
        expect(seen[0]!.principal).to.deep.equal({
          kind: "user",
          arn: "arn:aws:iam::123456789012:user/local",
          accountId: "123456789012",
        });
      });
    }

    for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] satisfies ChecksumAlgorithm[]) {
      it(`streamed in chunks, with a trailing ${algorithm}`, async () => {
        const body = "0123456789abcdef".repeat(10_000);
        const Body = Readable.from([Buffer.from(body.slice(0, 100_000)), Buffer.from(body.slice(100_000))]);
        const put = { Bucket: "photos", Key: "a", Body, ContentLength: body.length, ChecksumAlgorithm: algorithm };
        await aws.s3().send(new PutObjectCommand(put));
        expect(seen[0]!.payload === body).to.equal(true);
        expect(seen[0]!.headers["content-length"]).to.equal("160000");
        expect(seen[0]!.headers["content-encoding"]).to.equal(undefined);
        expect(Object.keys(seen[0]!.trailing)).to.deep.equal([`x-amz-checksum-${algorithm.toLowerCase()}`]);
      });
    }

    it("as a role, with its session token", async () => {
      const role = aws.role("uploader");
      await aws.s3(aws.configFor(role)).send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "hello" }));
      expect(seen[0]!.principal).to.deep.equal({ kind: "role", arn: role, accountId: "123456789012" });
    });
  });

  describe("takes presigned URLs", () => {
    const command = new GetObjectCommand({ Bucket: "photos", Key: "a b'😀.jpg" });

    it("of the owner and of a role", async () => {
      const role = aws.role("reader");
      for (const config of [aws.config, aws.configFor(role)]) {
        const url = await getSignedUrl(aws.s3(config), command, { expiresIn: 60 });
        expect((await fetch(url)).status).to.equal(200);
      }
      expect(seen.map(({ principal }) => principal.kind)).to.deep.equal(["user", "role"]);
    });
    it("for uploads", async () => {
      const url = await getSignedUrl(aws.s3(), new PutObjectCommand({ Bucket: "photos", Key: "a" }));
      expect((await fetch(url, { method: "PUT", body: "hello" })).status).to.equal(200);
      expect(seen[0]!.payload).to.equal("hello");
    });
    it("until they expire", async () => {
      const url = await getSignedUrl(aws.s3(), command, { expiresIn: 60 });
      now = () => new Date(Date.now() + 62_000);
      const response = await fetch(url);
      expect(response.status).to.equal(403);
      expect(await response.text()).to.match(/<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/);
    });
    it("but not with another path", async () => {
      const url = await getSignedUrl(aws.s3(), command);
      const response = await fetch(url.replace("/photos/", "/others/"));
      expect(response.status).to.equal(403);
      // The elements of test_presigned_url_signature_authentication, as recorded; there is no Resource among them.
      const text = await response.text();
      expect([...text.matchAll(/<(\w+)>/g)].map(([, name]) => name)).to.deep.equal([
        "Error",
        "Code",
        "Message",
        "AWSAccessKeyId",
        "StringToSign",
        "StringToSignBytes",
        "SignatureProvided",
        "CanonicalRequest",
        "CanonicalRequestBytes",
        "RequestId",
        "HostId",
      ]);
      expect(text).to.contain("<Code>SignatureDoesNotMatch</Code>").and.contain("<StringToSignBytes>41 57 53 34 2d ");
    });
  });

  it("takes calls of the JSON services", async () => {
    await aws.sqs().send(new ListQueuesCommand({ QueueNamePrefix: "é" }));
    await aws.dynamodb().send(new ListTablesCommand({}));
    expect(seen.map(({ service, payload }) => ({ service, payload }))).to.deep.equal([
      { service: "sqs", payload: '{"QueueNamePrefix":"é"}' },
      { service: "dynamodb", payload: "{}" },
    ]);
  });

  describe("answers a wrong secret in the service's own format", () => {
    const wrong = () => ({ ...aws.config, credentials: { ...aws.config.credentials, secretAccessKey: "wrong" } });

    it("S3", async () => {
      const error = await rejection(aws.s3(wrong()).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" })));
      expect(error).to.be.instanceOf(S3ServiceException).with.property("name", "SignatureDoesNotMatch");
      expect((error as S3ServiceException).$metadata.httpStatusCode).to.equal(403);
      expect((error as S3ServiceException).$metadata.requestId).to.match(/^[0-9A-F]{16}$/);
    });
    it("SQS", async () => {
      const error = await rejection(aws.sqs(wrong()).send(new ListQueuesCommand({})));
      expect(error).to.be.instanceOf(SQSServiceException).with.property("name", "InvalidSignatureException");
    });
    it("DynamoDB", async () => {
      const error = await rejection(aws.dynamodb(wrong()).send(new ListTablesCommand({})));
      expect(error).to.be.instanceOf(DynamoDBServiceException).with.property("name", "InvalidSignatureException");
      expect((error as DynamoDBServiceException).message).to.contain("The request signature we calculated");
    });
    it("an unknown key", async () => {
      const credentials = { accessKeyId: "AKIAUNKNOWN", secretAccessKey: "s" };
      const config = { ...aws.config, credentials };
      const s3Error = await rejection(aws.s3(config).send(new GetObjectCommand({ Bucket: "b", Key: "k" })));
      expect(s3Error).to.have.property("name", "InvalidAccessKeyId");
      const error = await rejection(aws.dynamodb(config).send(new ListTablesCommand({})));
      expect(error).to.have.property("name", "UnrecognizedClientException");
      expect(error).to.have.property("message", "The security token included in the request is invalid.");
    });
  });

  it("answers an upload whose body is not what was signed, and keeps the connection usable", async () => {
    const client = aws.s3();
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: string }).body = "hellO";
        return next(args);
      },
      { step: "deserialize", priority: "low" },
    );
    const put = new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "hello" });
    expect(await rejection(client.send(put))).to.have.property("name", "XAmzContentSHA256Mismatch");
    expect(seen).to.deep.equal([]);
    await aws.s3().send(put);
    expect(seen).to.have.length(1);
  });

  it("refuses signatures for another region", async () => {
    const client = s3With({ region: "us-west-2" });
    const error = await rejection(client.send(new GetObjectCommand({ Bucket: "b", Key: "k" })));
    expect(error).to.have.property("name", "AuthorizationHeaderMalformed");
  });

  describe("takes unsigned calls", () => {
    it("to S3, as anonymous", async () => {
      expect((await fetch(`${aws.url}/photos/a`)).status).to.equal(200);
      expect(seen[0]!.principal.kind).to.equal("anonymous");
    });
    it("of forms to S3, whose signature is inside", async () => {
      const form = new FormData();
      form.set("key", "a");
      expect((await fetch(`${aws.url}/photos`, { method: "POST", body: form })).status).to.equal(200);
      expect(seen[0]!.service).to.equal("s3");
      expect(seen[0]!.payload).to.contain('name="key"');
    });
    it("to no other service", async () => {
      const headers = { "x-amz-target": "AmazonSQS.ListQueues", "content-type": "application/x-amz-json-1.0" };
      const response = await fetch(aws.url, { method: "POST", headers, body: "{}" });
      expect(response.status).to.equal(400);
      expect(response.headers.get("x-amzn-errortype")).to.equal("MissingAuthenticationTokenException");
      expect(await response.json()).to.deep.equal({
        __type: "com.amazon.coral.service#MissingAuthenticationTokenException",
        message: "Request is missing Authentication Token",
      });
    });
  });

  it("answers 501 with the name of a service that it does not have", async () => {
    const form = new URLSearchParams({ Action: "GetCallerIdentity" });
    const response = await fetch(aws.url, { method: "POST", body: form });
    expect(response.status).to.equal(501);
    expect(await response.text()).to.contain("The embedded AWS does not implement the service sts.");
  });

  it("loses the answer of a call that took effect, which the SDK sends again", async () => {
    let lost = 0;
    losesAnswer = () => lost++ === 0;
    await s3With({ maxAttempts: 2 }).send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "hello" }));
    expect(seen.map(({ payload }) => payload)).to.deep.equal(["hello", "hello"]);
  });

  describe("runs its hook before each call", () => {
    it("with what is known of the call", async () => {
      const calls: Call[] = [];
      onCall = (call) => calls.push(call);
      await aws.sqs().send(new ListQueuesCommand({}));
      await aws.s3().send(new GetObjectCommand({ Bucket: "photos", Key: "a" }));
      expect(calls.map(({ service, operation, method, path }) => ({ service, operation, method, path }))).to.deep.equal(
        [
          { service: "sqs", operation: "ListQueues", method: "POST", path: "/" },
          { service: "s3", operation: undefined, method: "GET", path: "/photos/a" },
        ],
      );
    });
    it("and answers the error that it throws", async () => {
      onCall = () => {
        throw new AwsError(503, "SlowDown", "Please reduce your request rate.");
      };
      const error = await rejection(aws.s3().send(new GetObjectCommand({ Bucket: "photos", Key: "a" })));
      expect(error).to.have.property("name", "SlowDown");
      expect(seen).to.deep.equal([]);
    });
  });
});

describe("a service that fails or waits", () => {
  let aws: TestAws | undefined;
  afterEach(() => aws?.close());

  it("is answered with InternalError, and reported", async () => {
    const service = {
      handle: () => Promise.reject(new Error("a bug")),
    };
    const lines: string[] = [];
    aws = await startTestAws({ services: () => ({ s3: service }), announce: (line) => lines.push(line) });
    const response = await fetch(`${aws.url}/photos/a`);
    expect(response.status).to.equal(500);
    expect(await response.text()).to.contain("<Code>InternalError</Code>");
    expect(lines.join()).to.contain("a bug");
  });

  it("learns that its client is gone", async () => {
    const client = new AbortController();
    let signal: AbortSignal | undefined;
    const service: WireService = {
      handle: (request) =>
        new Promise((resolve) => {
          signal = request.signal;
          request.signal?.addEventListener("abort", () => {
            resolve({ status: 200, headers: {} });
          });
          client.abort();
        }),
    };
    aws = await startTestAws({ services: () => ({ s3: service }) });
    await rejection(fetch(`${aws.url}/photos/a`, { signal: client.signal }));
    if (signal?.aborted === false) {
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    }
    expect(signal?.aborted).to.equal(true);
  });

  it("has the length of a whole answer told", async () => {
    aws = await startTestAws({
      services: () => ({ s3: { handle: async () => ({ status: 200, headers: {}, body: "é" }) } }),
    });
    const response = await fetch(`${aws.url}/photos/a`);
    expect(response.headers.get("content-length")).to.equal("2");
    expect(await response.text()).to.equal("é");
  });

  it("keeps the connection without a header that says so (recorded: test_put_and_get_object_with_content_language_disposition)", async () => {
    aws = await startTestAws({ services: () => ({ s3: { handle: async () => ({ status: 200, headers: {} }) } }) });
    const [response] = (await once(request(`${aws.url}/photos/a`).end(), "response")) as [IncomingMessage];
    response.resume();
    expect(response.headers).not.to.have.any.keys("connection", "keep-alive");
  });

  it("lets a client send its body only once its signature holds (ceph/s3-tests: test_100_continue)", async () => {
    aws = await startTestAws({ services: () => ({ s3: recorder([]) }) });
    const url = await getSignedUrl(aws.s3(), new PutObjectCommand({ Bucket: "photos", Key: "a" }));
    const upload = async (target: string): Promise<[number | undefined, boolean, string | undefined]> => {
      const headers = { expect: "100-continue", "content-length": "5" };
      const sent = request(target, { method: "PUT", headers });
      let told = false;
      sent.on("continue", () => {
        told = true;
        sent.end("hello");
      });
      sent.flushHeaders();
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      response.resume();
      sent.destroy();
      return [response.statusCode, told, response.headers.connection];
    };
    expect(await upload(url)).to.deep.equal([200, true, undefined]);
    const broken = url.replace(/Signature=[0-9a-f]{4}/, "Signature=0000");
    expect(await upload(broken)).to.deep.equal([403, false, "close"]);
  });

  it("may answer before it has read the whole body, and the connection stays in use", async () => {
    const service: WireService = {
      handle: async ({ body }) => {
        for await (const piece of body as AsyncIterable<Uint8Array>) if (piece.length > 0) break;
        return { status: 400, headers: {}, body: "enough" };
      },
    };
    aws = await startTestAws({ services: () => ({ s3: service }) });
    const url = await getSignedUrl(aws.s3(), new PutObjectCommand({ Bucket: "photos", Key: "a" }));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let upload = 0; upload < 2; upload++) {
      const sent = request(url, { method: "PUT", agent });
      const body = Buffer.alloc(5_000_000);
      sent.setHeader("content-length", body.length).end(body);
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      ports.add(response.socket.localPort);
      expect((await readAll(response, Infinity)).toString()).to.equal("enough");
    }
    expect(ports.size).to.equal(1);
    agent.destroy();
  });

  it("may stream its answer", async () => {
    const service: WireService = {
      handle: async () => ({ status: 200, headers: {}, body: Readable.from(["hel", "lo"]) }),
    };
    aws = await startTestAws({ services: () => ({ s3: service }) });
    expect(await (await fetch(`${aws.url}/photos/a`)).text()).to.equal("hello");
    expect(await (await fetch(`${aws.url}/photos/a`, { method: "HEAD" })).text()).to.equal("");
  });

  it("writes headers as S3 does, and errors in chunks (recorded: test_cors_options_match_partial_origin and its neighbour)", async () => {
    const headers = { "content-type": "text/xml", etag: '"1"', "x-amz-version-id": "null" };
    let status = 200;
    aws = await startTestAws({ services: () => ({ s3: { handle: async () => ({ status, headers, body: "é" }) } }) });
    const { url } = aws;
    const namesOf = async (): Promise<string[]> => {
      const [response] = (await once(request(`${url}/photos/a`).end(), "response")) as [IncomingMessage];
      response.resume();
      return response.rawHeaders.filter((_, index) => index % 2 === 0);
    };
    const own = ["x-amz-request-id", "x-amz-id-2", "Server", "Content-Type", "ETag", "x-amz-version-id"];
    expect(await namesOf()).to.have.members([...own, "Content-Length", "Date"]);
    status = 404;
    expect(await namesOf()).to.have.members([...own, "Transfer-Encoding", "Date"]);
  });
});
