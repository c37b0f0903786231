import { expect } from "chai";
import { functionArn } from "./documents";
import { send, startGateway, type Fakes } from "./support";

const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
const anyMethod = {
  "x-amazon-apigateway-any-method": {
    responses: {},
    "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri },
  },
};
const document = { openapi: "3.0.1", paths: { "/{proxy+}": anyMethod, "/hardcoded": anyMethod } };

// Answers of AWS, as LocalStack's tests of the names in brackets recorded them.
describe("API Gateway's Lambda proxy, as recorded", () => {
  let fakes: Fakes;
  beforeEach(async () => {
    fakes = await startGateway();
    fakes.deploy(document, { name: "stage" });
  });
  afterEach(() => fakes.close());
  const event = async (target: string, options: Parameters<typeof send>[2] = {}): Promise<Record<string, unknown>> => {
    expect((await send(fakes.url, target, options)).status).to.equal(200);
    return fakes.events.at(-1)!.event;
  };

  const proxy = "/{proxy+}";
  const paths: [string, string, { resource: string; path: string; context: string; proxy?: string }][] = [
    ["without trailing slash", "/stage/v", { resource: proxy, path: "/v", context: "/stage/v", proxy: "v" }],
    ["with trailing slash", "/stage/v/", { resource: proxy, path: "/v/", context: "/stage/v/", proxy: "v" }],
    ["with double slash", "/stage/v//d", { resource: proxy, path: "/v//d", context: "/stage/v//d", proxy: "v//d" }],
    ["with a slash before the stage", "//stage/v", { resource: proxy, path: "/v", context: "/stage/v", proxy: "v" }],
    ["with a slash before the path", "/stage//v", { resource: proxy, path: "/v", context: "/stage//v", proxy: "v" }],
    [
      "with encoded characters",
      "/stage/v/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      {
        resource: proxy,
        path: "/v/test%2Balias@gmail.com/plus/test+alias@gmail.com",
        context: "/stage/v/test%2Balias@gmail.com/plus/test+alias@gmail.com",
        proxy: "v/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      },
    ],
    [
      "of its own resource",
      "/stage//hardcoded",
      { resource: "/hardcoded", path: "/hardcoded", context: "/stage//hardcoded" },
    ],
  ];
  for (const [what, target, expected] of paths)
    it(`path ${what} (test_lambda_aws_proxy_integration)`, async () => {
      const { resource, path, pathParameters, requestContext } = await event(target);
      expect({ resource, path, pathParameters, context: (requestContext as { path: string }).path }).to.deep.equal({
        resource: expected.resource,
        path: expected.path,
        pathParameters: expected.proxy === undefined ? null : { proxy: expected.proxy },
        context: expected.context,
      });
    });

  it("query parameters, decoded (test_lambda_aws_proxy_integration)", async () => {
    const { queryStringParameters: encoded } = await event(
      "/stage/v?dateTimeOffset=2023-06-12T18:05:10.123456+00:00&email=test%2Balias@gmail.com&plus=test+alias@gmail.com&whitespace=foo%20bar",
    );
    expect(encoded).to.deep.equal({
      dateTimeOffset: "2023-06-12T18:05:10.123456 00:00",
      email: "test+alias@gmail.com",
      plus: "test alias@gmail.com",
      whitespace: "foo bar",
    });
    const many = await event("/stage/v?category=electronics&category=books&price=10&price=20&price=30");
    expect(many.queryStringParameters).to.deep.equal({ category: "books", price: "30" });
    expect(many.multiValueQueryStringParameters).to.deep.equal({
      category: ["electronics", "books"],
      price: ["10", "20", "30"],
    });
  });

  it("headers keep their spelling, but Authorization; body as text (test_lambda_aws_proxy_integration)", async () => {
    const found = await event("/stage/v", {
      method: "POST",
      headers: { "tEsT-HEADeR": "aValUE", aUThorization: "random", "Content-Type": "application/json;charset=utf-8" },
      body: Buffer.from('{"message": "hello world"}'),
    });
    expect(found).to.include({ body: '{"message": "hello world"}', isBase64Encoded: false, stageVariables: null });
    expect(found.headers).to.include({ "tEsT-HEADeR": "aValUE", Authorization: "random" });
    expect(found.multiValueHeaders).to.deep.include({ "tEsT-HEADeR": ["aValUE"], Authorization: ["random"] });
    expect(found.headers).to.include.keys(
      "X-Amzn-Trace-Id",
      "X-Forwarded-For",
      "X-Forwarded-Port",
      "X-Forwarded-Proto",
    );
  });

  it("headers of the connection stay outside (test_apigateway_header_remapping_aws[AWS_PROXY])", async () => {
    const kept = ["Accept", "Accept-Charset", "Age", "Content-Encoding", "Content-Type", "Date", "Pragma", "Range"];
    const more = ["Referer", "User-Agent", "Via", "Warn"];
    const dropped = [
      "Content-MD5",
      "Max-Forwards",
      "Proxy-Authenticate",
      "Server",
      "TE",
      "Upgrade",
      "WWW-Authenticate",
    ];
    const names = [...kept, ...more, ...dropped];
    const { headers } = await event("/stage/v", {
      headers: Object.fromEntries([...names.map((name) => [name, "x"]), ["Connection", "close"]]) as Record<
        string,
        string
      >,
    });
    const added = ["X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto"];
    expect(headers).to.have.all.keys("Host", ...kept, ...more, ...added);
  });

  const answers: [string, unknown, number, Record<string, string>?][] = [
    ["no body", { statusCode: 200 }, 200, { "content-type": "application/json", "content-length": "0" }],
    [
      "headers",
      { statusCode: 200, headers: { "test-header": "value", "header-bool": true } },
      200,
      { "test-header": "value", "header-bool": "true" },
    ],
    ["headers null", { statusCode: 200, headers: null }, 200],
    ["only headers", { headers: { "test-header": "value" } }, 200],
    ["a status as text", { statusCode: "201" }, 201],
    [
      "several values",
      { statusCode: 200, multiValueHeaders: { m: ["value1", "value2"] } },
      200,
      { m: "value1, value2" },
    ],
    [
      "values in both",
      { statusCode: 200, multiValueHeaders: { M: ["value-multi"] }, headers: { m: "value-solo" } },
      200,
      { m: "value-multi, value-solo" },
    ],
    ["a wrong member", { statusCode: 200, wrongValue: "value" }, 502],
    ["several values as text", { statusCode: 200, multiValueHeaders: { m: "value1" } }, 502],
    ["a status that is none", { statusCode: "test" }, 502],
    ["just text", "justAString", 502],
  ];
  for (const [what, payload, status, headers = {}] of answers)
    it(`answer with ${what} (test_aws_proxy_response_payload_format_validation)`, async () => {
      fakes.lambda = () => ({ payload });
      const reply = await send(fakes.url, "/stage/v");
      expect(reply.status).to.equal(status);
      expect(reply.headers).to.include(headers);
      expect(reply.text).to.equal(status === 502 ? '{"message":"Internal server error"}' : "");
      if (status !== 502) expect(reply.headers["x-amzn-trace-id"]).to.be.a("string");
    });

  it("Base64 stays text for an API without binary types (test_aws_proxy_response_payload_format_validation)", async () => {
    for (const isBase64Encoded of [true, false]) {
      fakes.lambda = () => ({ payload: { statusCode: 200, body: "dGVzdC1kYXRh", isBase64Encoded } });
      expect((await send(fakes.url, "/stage/v")).text).to.equal("dGVzdC1kYXRh");
    }
  });

  it("a function that is called by GET is not called (test_lambda_aws_proxy_integration_non_post_method)", () => {
    const method = anyMethod["x-amazon-apigateway-any-method"];
    const integration = { ...method["x-amazon-apigateway-integration"], httpMethod: "GET" };
    // AWS takes it and answers 500 to every request.
    expect(() =>
      fakes.deploy({
        ...document,
        paths: { "/x": { get: { ...method, "x-amazon-apigateway-integration": integration } } },
      }),
    ).to.throw("POST for a Lambda function");
  });

  it("no resource, no method (test_routing_not_found)", async () => {
    fakes.deploy(
      { openapi: "3.0.1", paths: { "/x": { get: anyMethod["x-amazon-apigateway-any-method"] } } },
      { name: "stage" },
    );
    for (const [method, target] of [
      ["GET", "/stage/y"],
      ["POST", "/stage/x"],
    ] as const) {
      const reply = await send(fakes.url, target, { method });
      expect([reply.text, reply.headers["x-amzn-errortype"]]).to.deep.equal([
        '{"message":"Missing Authentication Token"}',
        "MissingAuthenticationTokenException",
      ]);
    }
  });

  it("missing parameters, headers first (test_api_gateway_request_validator)", async () => {
    const parameters = [
      { name: "x-header-param", in: "header", required: true },
      { name: "qs1", in: "query", required: true },
    ];
    const post = { ...anyMethod["x-amazon-apigateway-any-method"], parameters };
    fakes.deploy(
      {
        openapi: "3.0.1",
        "x-amazon-apigateway-request-validators": { all: { validateRequestParameters: true } },
        "x-amazon-apigateway-request-validator": "all",
        paths: { "/x": { post } },
      },
      { name: "stage" },
    );
    const missing = async (target: string, headers = {}) =>
      (await send(fakes.url, target, { method: "POST", headers })).text;
    const said = (names: string) => JSON.stringify({ message: `Missing required request parameters: [${names}]` });
    expect(await missing("/stage/x")).to.equal(said("x-header-param, qs1"));
    expect(await missing("/stage/x?qs1=1")).to.equal(said("x-header-param"));
    expect(await missing("/stage/x", { "x-header-param": "1" })).to.equal(said("qs1"));
  });

  it("a document that is none (test_import_api_bad_file)", () => {
    expect(() => fakes.gateway.putApi({ id: "abcdefghij", name: "x", body: "not json" }))
      .to.throw("Invalid OpenAPI input.")
      .that.includes({ code: "BadRequestException", status: 400 });
  });

  it("a status that is a number in the document (test_import_with_integer_http_status_code)", async () => {
    const integration = {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: { default: { statusCode: 200, responseParameters: { "method.response.header.X": "'*'" } } },
    };
    const get = { responses: { 200: { headers: { X: {} } } }, "x-amazon-apigateway-integration": integration };
    fakes.deploy({ openapi: "3.0.1", paths: { "/x": { get } } }, { name: "stage" });
    const reply = await send(fakes.url, "/stage/x");
    expect([reply.status, reply.headers.x, reply.headers["x-amzn-trace-id"]]).to.deep.equal([200, "*", undefined]);
  });

  it("binary types of document and resource (test_import_rest_api)", async () => {
    fakes.deploy({ ...document, "x-amazon-apigateway-binary-media-types": ["*/*"] }, { name: "stage" });
    const { body, isBase64Encoded } = await event("/stage/v", { method: "POST", body: Buffer.from("a") });
    expect([body, isBase64Encoded]).to.deep.equal(["YQ==", true]);
  });
});
