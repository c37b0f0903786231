import { expect } from "chai";
import { AwsError } from "../../http/awsError";
import { functionArn, proxy } from "./documents";
import { send, startGateway, type Fakes } from "./support";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
describe("API Gateway: Lambda proxy integration", () => {
  let fakes: Fakes;
  beforeEach(async () => (fakes = await startGateway({ now: () => Date.UTC(2026, 10, 24, 0, 12, 0) })));
  afterEach(() => fakes.close());

  it("invokes the function with the event of a REST API, its path as it was sent and its query decoded", async () => {
    fakes.deploy(proxy(), { variables: { colour: "red" } });
    await send(fakes.url, "/dev/raw/%C3%84%20b%2Bc.jpg?a=1&a=2%2B&b=x+y", { headers: { "X-One": "1" } });
    const [{ functionArn: called, event, caller }] = fakes.events as [Fakes["events"][number]];
    expect(called).to.equal(functionArn);
    expect(caller).to.deep.include({
      kind: "service",
      arn: "apigateway.amazonaws.com",
      sourceArn: "arn:aws:execute-api:us-east-1:000000000000:abcdefghij/dev/GET/raw/{object}",
    });
    expect(event).to.deep.include({
      resource: "/raw/{object}",
      path: "/raw/%C3%84%20b%2Bc.jpg",
      httpMethod: "GET",
      pathParameters: { object: "%C3%84%20b%2Bc.jpg" },
      queryStringParameters: { a: "2+", b: "x y" },
      multiValueQueryStringParameters: { a: ["1", "2+"], b: ["x y"] },
      stageVariables: { colour: "red" },
      body: null,
      isBase64Encoded: false,
    });
    expect(event.headers).to.deep.include({ "X-One": "1" });
    expect(event.multiValueHeaders).to.deep.include({ "X-One": ["1"] });
    const context = event.requestContext as Record<string, unknown>;
    expect(context).to.deep.include({
      accountId: "000000000000",
      apiId: "abcdefghij",
      stage: "dev",
      httpMethod: "GET",
      resourcePath: "/raw/{object}",
      path: "/dev/raw/%C3%84%20b%2Bc.jpg",
      protocol: "HTTP/1.1",
      requestTime: "24/Nov/2026:00:12:00 +0000",
      requestTimeEpoch: Date.UTC(2026, 10, 24, 0, 12, 0),
    });
    expect(context.identity).to.deep.include({ sourceIp: "127.0.0.1", userArn: null });
  });

  it("gives a body as text, or in Base64 when its Content-Type is a binary media type", async () => {
    fakes.deploy(proxy());
    const body = Buffer.from([0xff, 0x41]);
    for (const type of ["image/png", "text/plain"])
      await send(fakes.url, "/dev/raw/a", { method: "POST", body, headers: { "content-type": type } });
    expect(fakes.events.map(({ event }) => [event.body, event.isBase64Encoded])).to.deep.equal([
      ["/0E=", true],
      ["\ufffdA", false],
    ]);
  });

  it("answers what the function returns; Base64 is decoded for clients that accept binary", async () => {
    fakes.deploy(proxy());
    fakes.lambda = () => ({
      payload: {
        statusCode: 201,
        headers: { "X-One": "1", "X-Two": 2 },
        multiValueHeaders: { "x-one": ["a", "b"] },
        body: "/0E=",
        isBase64Encoded: true,
      },
    });
    const binary = await send(fakes.url, "/dev/raw/a", { headers: { accept: "image/png,text/html" } });
    expect(binary.status).to.equal(201);
    expect(binary.body).to.deep.equal(Buffer.from([0xff, 0x41]));
    expect(binary.headers).to.deep.include({ "x-one": "a, b, 1", "x-two": "2", "content-type": "application/json" });
    const text = await send(fakes.url, "/dev/raw/a", { headers: { accept: "text/html" } });
    expect(text.text).to.equal("/0E=");
  });

  const malformed: [string, unknown][] = [
    ["nothing", null],
    ["text", "hello"],
    ["a body that is an object", { statusCode: 200, body: {} }],
    ["an unknown member", { statusCode: 200, message: "x" }],
    ["a status that is none", { statusCode: "ok" }],
    ["headers that are a list", { statusCode: 200, headers: [] }],
    ["a list of headers that is text", { statusCode: 200, multiValueHeaders: { "x-one": "a" } }],
  ];
  for (const [what, payload] of malformed)
    it(`answers 502 to ${what}`, async () => {
      fakes.deploy(proxy());
      fakes.lambda = () => ({ payload });
      const reply = await send(fakes.url, "/dev/raw/a");
      expect([reply.status, reply.text]).to.deep.equal([502, '{"message":"Internal server error"}']);
      expect(fakes.announced.join()).to.contain("Malformed Lambda proxy response");
    });

  it("answers 500 when the function is throttled, and says so in the log", async () => {
    fakes.deploy(proxy());
    fakes.lambda = () => Promise.reject(new AwsError(429, "TooManyRequestsException", "Rate Exceeded."));
    const reply = await send(fakes.url, "/dev/raw/a");
    expect([reply.status, reply.text]).to.deep.equal([500, '{"message":"Internal server error"}']);
    expect(fakes.announced.join()).to.contain("failed with status 429").and.not.contain("permissions");
  });

  it("answers 502 when the function fails, and says why only in the log", async () => {
    fakes.deploy(proxy());
    fakes.lambda = () => ({ functionError: "Unhandled", payload: { errorMessage: "secret" } });
    const reply = await send(fakes.url, "/dev/raw/a");
    expect([reply.status, reply.text]).to.deep.equal([502, '{"message":"Internal server error"}']);
    expect(fakes.announced.join()).to.contain("secret");
  });
});
