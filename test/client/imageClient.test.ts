import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import { expect } from "chai";

import { ImageClient, ImageServiceError, type Auth, type Progress } from "../../client";
import { generationOf } from "../../handlers/protocol/generation";

type Answer = [status: number, body?: unknown, headers?: Record<string, string>];
interface Received {
  line: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

const image = { object: "a.jpg", status: "READY", renditions: [] };
const versionId = "v1";
const ready = { ...image, generation: generationOf("content", versionId) };

describe("the client of the API", () => {
  let url: string;
  let received: Received[];
  /** Answers by method and path, in their order; the last one stays. */
  let answers: Record<string, Answer[]>;
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method ?? ""} ${request.url ?? ""}`;
    received.push({ line, headers: request.headers, body: await buffer(request) });
    const list = answers[line] ?? [];
    const [status, body, headers] = (list.length > 1 ? list.shift() : list[0]) ?? [404, { error: missing }];
    response.writeHead(status, headers);
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }
  const missing = { code: "NotFound", message: "There is no such image." };

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());
  beforeEach(() => {
    received = [];
    answers = {};
  });

  const client = (auth?: Auth) => new ImageClient({ url, auth });
  const failure = (call: Promise<unknown>): Promise<ImageServiceError> =>
    call.then(
      () => expect.fail("it did not fail"),
      (error: unknown) => error as ImageServiceError,
    );
  const grantable = () => {
    const grant = { object: "a.jpg", method: "PUT", url: `${url}/s3`, headers: { "x-amz-meta-a": "1" } };
    answers["POST /uploads"] = [[201, grant]];
    answers["PUT /s3"] = [[200, "", { "x-amz-version-id": versionId }]];
  };

  it("signs a request, of a name with any characters too", async () => {
    answers["GET /raw/a%20%28%C3%BC%29%21%27%2A.jpg"] = [[200, image]];
    const keys = () => ({ accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "session" });
    expect(await client({ region: "eu-west-1", keys }).get("a (ü)!'*.jpg")).to.deep.equal(image);
    expect(received[0]!.headers).to.include({ "x-amz-security-token": "session" });
    expect(received[0]!.headers.authorization).to.match(
      /^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-west-1\/execute-api\//,
    );
  });

  it("sends a token, or nothing", async () => {
    answers["GET /raw/a.jpg"] = [[200, image]];
    await client({ token: () => Promise.resolve("ey.token") }).get("a.jpg");
    await client().get("a.jpg");
    expect(received.map(({ headers }) => headers.authorization)).to.deep.equal(["ey.token", undefined]);
  });

  it("sends a request again while the API is busy, as it asks", async () => {
    const busy: Answer = [503, {}, { "retry-after": "0" }];
    answers["DELETE /raw/a.jpg"] = [[429, {}], busy, [202, { ...image, status: "DELETING" }]];
    expect(await client().delete("a.jpg")).to.include({ status: "DELETING" });
    expect(received).to.have.length(3);
    answers["DELETE /raw/a.jpg"] = [[503, { error: { code: "DeletionUnfinished", message: "Repeat." } }, busy[2]]];
    expect(await failure(client().delete("a.jpg"))).to.include({ code: "DeletionUnfinished", status: 503 });
    expect(received).to.have.length(8);
  });

  for (const [what, answer, error] of [
    ["the API's own error", [404, { error: missing }], { ...missing, status: 404 }],
    ["API Gateway's", [413, { message: "Request Too Long" }], { code: "Status413", message: "Request Too Long" }],
    ["one without JSON", [502, "<html>"], { code: "Status502", message: "<html>" }],
    ["one without a body", [500, ""], { code: "Status500", message: "The API answered 500." }],
  ] as [string, Answer, object][])
    it(`throws ${what} as one class`, async () => {
      answers["GET /raw/a.jpg"] = [answer];
      const thrown = await failure(client().get("a.jpg"));
      expect(thrown).to.be.instanceOf(ImageServiceError).and.include(error);
    });

  it("says where it got no answer", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const at = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    closed.close();
    const nowhere = new ImageClient({ url: at });
    const message = `no answer from ${at} (ECONNREFUSED)`;
    expect(await failure(nowhere.get("a.jpg"))).to.include({ code: "Unreachable", message });
  });

  it("uploads by a granted PUT, and tells how far it is", async () => {
    grantable();
    const file = new Blob([Buffer.alloc(100_000, 7), Buffer.alloc(100_000, 7)]);
    const told: Progress[] = [];
    const options = { metadata: { by: "me" }, onProgress: (progress: Progress) => told.push(progress) };
    const upload = await client().upload("a.jpg", file, options);
    expect(upload).to.deep.equal({ object: "a.jpg", versionId, before: undefined });
    const [asked, sent] = ["POST /uploads", "PUT /s3"].map((line) => received.find((one) => one.line === line)!);
    expect(JSON.parse(asked!.body.toString())).to.deep.equal({
      object: "a.jpg",
      method: "PUT",
      bytes: 200_000,
      metadata: { by: "me" },
    });
    expect(sent!.headers).to.include({ "content-length": "200000", "x-amz-meta-a": "1" });
    expect(sent!.body.equals(Buffer.alloc(200_000, 7))).to.equal(true);
    expect(told.length).to.be.above(1);
    expect(told.at(-1)).to.deep.equal({ sent: 200_000, total: 200_000 });
  });

  it("never holds a whole file: it streams", async () => {
    grantable();
    const file = new Blob(["abc"]);
    for (const whole of ["arrayBuffer", "text", "bytes"] as const)
      Object.defineProperty(file, whole, { value: () => expect.fail(`it calls ${whole}`) });
    await client().upload("a.jpg", file);
    expect(received.at(-1)!.body.toString()).to.equal("abc");
  });

  it("throws S3's error with its code, and one for an empty file before it asks", async () => {
    grantable();
    answers["PUT /s3"] = [[403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"]];
    expect(await failure(client().upload("a.jpg", new Blob(["abc"])))).to.include({
      code: "AccessDenied",
      message: "S3 answered 403: Request has expired",
    });
    received = [];
    expect(await failure(client().upload("a.jpg", new Blob([])))).to.include({ code: "EmptyFile" });
    expect(received).to.deep.equal([]);
  });

  it("waits with the entity tag of the last answer until the upload is READY", async () => {
    const etag = { etag: '"1"', "retry-after": "0" };
    answers["GET /raw/a.jpg"] = [
      [200, { ...image, status: "PROCESSING" }, etag],
      [304, "", etag],
      [200, ready],
    ];
    expect(await client().waitUntilReady({ object: "a.jpg", versionId })).to.deep.equal(ready);
    expect(received.map(({ headers }) => headers["if-none-match"])).to.deep.equal([undefined, '"1"', '"1"']);
  });

  for (const [what, decided, error] of [
    ["was rejected", { ...image, status: "REJECTED", reason: "No." }, { code: "REJECTED", message: "No." }],
    ["was rejected, and the image before it stays", { ...image, reason: "No." }, { code: "REJECTED", message: "No." }],
    [
      "failed, and the image before it stays",
      { ...image, pending: { status: "FAILED", reason: "Damaged.", generation: ready.generation } },
      { code: "FAILED", message: "Damaged." },
    ],
  ] as [string, object, object][])
    it(`throws where the upload ${what}`, async () => {
      answers["GET /raw/a.jpg"] = [[200, decided]];
      const waited = client().waitUntilReady({ object: "a.jpg", versionId, before: "then" });
      expect(await failure(waited)).to.include(error);
    });

  it("waits no longer than it is told, and not after its signal", async () => {
    answers["GET /raw/a.jpg"] = [[200, { ...image, status: "PROCESSING" }, { "retry-after": "9" }]];
    const upload = { object: "a.jpg", versionId };
    const late = client().waitUntilReady(upload, { timeoutSeconds: 5 });
    expect(await failure(late)).to.include({ code: "Timeout", message: '"a.jpg" is not READY after 5 seconds.' });
    const controller = new AbortController();
    const aborted = client().waitUntilReady(upload, { signal: controller.signal });
    controller.abort(new Error("enough"));
    expect(await failure(aborted)).to.include({ message: "enough" });
  });

  it("lists images page after page, and asks for no more than are taken", async () => {
    const listed = (object: string) => ({ object, id: object, status: "READY", createdAt: "", updatedAt: "" });
    answers["GET /raw?prefix=a%20b&limit=2"] = [[200, { images: ["1", "2"].map(listed), cursor: "c/1" }]];
    answers["GET /raw?prefix=a%20b&limit=2&cursor=c%2F1"] = [[200, { images: [], cursor: "c2" }]];
    answers["GET /raw?prefix=a%20b&limit=2&cursor=c2"] = [[200, { images: [listed("3")] }]];
    const names: string[] = [];
    for await (const { object } of client().list({ prefix: "a b", limit: 2 })) names.push(object);
    expect(names).to.deep.equal(["1", "2", "3"]);
    received.length = 0;
    for await (const { object } of client().list({ prefix: "a b", limit: 2 })) if (object === "2") break;
    expect(received).to.have.length(1);
  });

  it("lists images with their renditions where these are asked for", async () => {
    const renditions = [
      { imageType: "small", url: "https://a.example/1", format: "jpeg", bytes: 1, width: 1, height: 1 },
    ];
    const image = { object: "1", id: "1", status: "READY", createdAt: "", updatedAt: "", renditions };
    answers["GET /raw?renditions=true"] = [[200, { images: [image] }]];
    const { value } = await client().list({ renditions: true }).next();
    expect(value).to.deep.equal(image);
  });

  it("throws the API's error at a list that it refuses", async () => {
    answers["GET /raw?limit=0"] = [[400, { error: { code: "BadListRequest", message: "limit must be …" } }]];
    expect(await failure(client().list({ limit: 0 }).next())).to.include({ code: "BadListRequest" });
  });
});
