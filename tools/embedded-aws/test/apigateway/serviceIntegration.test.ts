import { expect } from "chai";
import { upload } from "./documents";
import { send, startGateway, type Fakes } from "./support";

const notUtf8 = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]);

// https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html
describe("API Gateway: service integration with S3", () => {
  let fakes: Fakes;
  beforeEach(async () => (fakes = await startGateway()));
  afterEach(() => fakes.close());
  const put = (name: string, body = notUtf8, headers: Record<string, string> = {}) =>
    send(fakes.url, `/dev/raw/${name}`, { method: "PUT", body, headers: { "content-type": "image/jpeg", ...headers } });

  it("stores the bytes under the overridden path as the integration's role, and maps the answer", async () => {
    fakes.deploy(upload());
    const reply = await put("a.jpg", notUtf8, { "x-amz-tagging": "x=y", "x-other": "1" });
    expect(reply.status).to.equal(202);
    expect(reply.headers).to.deep.include({ etag: '"abc"', "x-amz-version-id": "v1", "x-fixed": "yes" });
    expect(reply.headers["x-amzn-requestid"]).to.match(/^[0-9a-f-]{36}$/);
    expect(reply.headers["x-amz-apigw-id"]).to.be.a("string");
    const [call] = fakes.s3Calls;
    expect(call).to.deep.include({ method: "PUT", path: "/temp-bucket/images/a.jpg", query: "", body: notUtf8 });
    // Only what is mapped goes on: none of the client's own headers.
    expect(call!.headers).to.deep.equal({
      host: "127.0.0.1:4001",
      "content-type": "application/octet-stream",
      "content-length": "6",
    });
    expect(call!.principal.arn).to.equal("arn:aws:iam::000000000000:role/upload");
    // Neither the API's ARN nor its account, so a trust policy must not ask for them.
    expect(fakes.assumed[0]!.service).to.deep.equal({
      kind: "service",
      arn: "apigateway.amazonaws.com",
      accountId: "000000000000",
    });
  });

  // "REST APIs decode URL-encoded request parameters before passing them to backend integrations."
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
  for (const [sent, arrived] of [
    ["a%20b.jpg", "a%20b.jpg"],
    ["100%25.jpg", "100%25.jpg"],
    ["%C3%84%F0%9F%90%8C.jpg", "%C3%84%F0%9F%90%8C.jpg"],
    ["it's(1)!.jpg", "it%27s%281%29%21.jpg"],
    ["a%2Fb.jpg", "a%2Fb.jpg"],
  ] as const)
    it(`passes the name ${sent} on as ${arrived}`, async () => {
      fakes.deploy(upload());
      expect((await put(sent)).status).to.equal(202);
      expect(fakes.s3Calls[0]!.path).to.equal(`/temp-bucket/images/${arrived}`);
    });

  // https://github.com/aws/aws-sdk-java/issues/1902
  for (const name of ["a%2Bb.jpg", "a+b.jpg"])
    it(`lets S3 refuse the signature for the name ${name}`, async () => {
      fakes.deploy(upload({ integration: { responses: { "403": { statusCode: "502" } } } }));
      expect((await put(name)).status).to.equal(502);
      expect(fakes.s3Calls).to.deep.equal([]);
    });

  it("takes one segment for a parameter", async () => {
    fakes.deploy(upload());
    for (const name of ["a/b.jpg", ""]) {
      const reply = await put(name);
      expect([reply.status, reply.text]).to.deep.equal([403, '{"message":"Missing Authentication Token"}']);
    }
    expect(fakes.s3Calls).to.deep.equal([]);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
  it("damages a body whose Content-Type is not a binary media type, as AWS does", async () => {
    fakes.deploy(upload({ document: { "x-amazon-apigateway-binary-media-types": ["image/png"] } }));
    await put("a.jpg");
    expect(fakes.s3Calls[0]!.body).to.deep.equal(Buffer.from("\ufffd\ufffd\ufffd\ufffd\u0000\u0010"));
    await put("a.png", notUtf8, { "content-type": "image/png; x=y" });
    expect(fakes.s3Calls[1]!.body).to.deep.equal(notUtf8);
  });

  it("selects the response by the whole status, and never passes S3's failure off as a success", async () => {
    fakes.deploy(upload());
    fakes.s3 = () => ({ status: 403, headers: { "content-type": "application/xml" }, body: "<Error/>" });
    const refused = await put("a.jpg");
    expect(refused.status).to.equal(400);
    expect(refused.headers["content-type"]).to.equal("application/json");
    expect(refused.text).to.equal(`{"error":{"id":"${String(refused.headers["x-amzn-requestid"])}"}}`);
    fakes.s3 = () => ({ status: 503, headers: {}, body: "<Error/>" });
    expect((await put("a.jpg")).status).to.equal(502);
  });

  it("does not take a part of the status for the whole", async () => {
    fakes.deploy(
      upload({ integration: { responses: { "40": { statusCode: "202" }, default: { statusCode: "502" } } } }),
    );
    fakes.s3 = () => ({ status: 403, headers: {} });
    expect((await put("a.jpg")).status).to.equal(502);
  });

  it("answers 500 when no pattern matches and there is no default", async () => {
    fakes.deploy(upload());
    fakes.s3 = () => ({ status: 304, headers: {} });
    const reply = await put("a.jpg");
    expect([reply.status, reply.text]).to.deep.equal([500, '{"message":"Internal server error"}']);
    expect(fakes.announced.join()).to.contain("No match for output mapping");
  });

  it("answers 500 when a template would have to read a binary answer", async () => {
    const responses = { default: { statusCode: "400", responseTemplates: { "application/json": "{}" } } };
    fakes.deploy(upload({ integration: { responses } }));
    fakes.s3 = () => ({ status: 200, headers: {}, body: "<Error/>" });
    expect((await put("a.jpg")).status).to.equal(500);
    expect(fakes.announced.join()).to.contain("Unable to transform response");
  });

  it("answers 500 when the role does not trust API Gateway", async () => {
    fakes.deploy(upload({ integration: { credentials: "arn:aws:iam::000000000000:role/untrusted" } }));
    expect((await put("a.jpg")).status).to.equal(500);
    expect(fakes.s3Calls).to.deep.equal([]);
    expect(fakes.announced.join()).to.contain("does not have permission to assume the provided role");
  });

  it("maps headers, query and context of the request", async () => {
    const parameters = [
      { name: "X-In", in: "header", schema: {} },
      { name: "q", in: "query", schema: {} },
    ];
    const requestParameters = {
      "integration.request.path.object": "method.request.path.object",
      "integration.request.header.X-Out": "method.request.header.x-in",
      "integration.request.header.X-Stage": "context.stage",
      "integration.request.header.X-Var": "stageVariables.colour",
      "integration.request.querystring.versionId": "method.request.querystring.q",
    };
    fakes.deploy(upload({ operation: { parameters }, integration: { requestParameters } }), {
      variables: { colour: "red" },
    });
    await send(fakes.url, "/dev/raw/a.jpg?q=a+b%2B", {
      method: "PUT",
      headers: { "X-In": "in", "content-type": "image/png" },
    });
    const { headers, query } = fakes.s3Calls[0]!;
    expect(headers).to.deep.include({ "x-out": "in", "x-stage": "dev", "x-var": "red", "content-type": "image/png" });
    expect(new URLSearchParams(query).get("versionId")).to.equal("a b+");
  });

  it("renames headers that it sets itself (recorded: test_apigateway_header_remapping_aws[AWS])", async () => {
    const kept = ["Accept", "Accept-Charset", "Accept-Encoding", "Age", "Content-Encoding", "Pragma", "Range"];
    kept.push("Referer", "TE", "Via", "Warn");
    const renamed = ["Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host"];
    renamed.push(
      "Max-Forwards",
      "Proxy-Authenticate",
      "Server",
      "Trailer",
      "Upgrade",
      "User-Agent",
      "WWW-Authenticate",
    );
    const all = [...kept, ...renamed, "Transfer-Encoding"];
    const declared = { "202": { headers: Object.fromEntries(all.map((name) => [name, {}])) } };
    const responseParameters = Object.fromEntries(
      all.map((name) => [`method.response.header.${name}`, `'of ${name}'`]),
    );
    fakes.deploy(
      upload({
        operation: { responses: declared },
        integration: { responses: { default: { statusCode: "202", responseParameters } } },
      }),
    );
    const { headers } = await put("a.jpg");
    for (const name of kept) expect(headers[name.toLowerCase()], name).to.equal(`of ${name}`);
    for (const name of renamed) expect(headers[`x-amzn-remapped-${name.toLowerCase()}`], name).to.equal(`of ${name}`);
    expect(headers).to.not.have.any.keys("transfer-encoding", "x-amzn-remapped-transfer-encoding");
    expect(headers["x-amzn-trace-id"]).to.be.a("string");
  });

  for (const name of ["Authorization", "Connection", "Content-Length", "Expect", "Proxy-Authenticate", "TE"])
    it(`answers 500 where ${name} is mapped (recorded: test_apigateway_header_remapping_aws[AWS])`, async () => {
      const requestParameters = {
        "integration.request.path.object": "method.request.path.object",
        [`integration.request.header.${name}`]: "'x'",
      };
      fakes.deploy(upload({ integration: { requestParameters } }));
      const reply = await put("a.jpg");
      expect([reply.status, reply.text]).to.deep.equal([500, '{"message":"Internal server error"}']);
      expect(fakes.s3Calls).to.deep.equal([]);
    });

  // "Payload size: 10 MB" of https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  it("takes 10 MB and refuses a byte more, in words that the API cannot change", async () => {
    const own = { DEFAULT_4XX: { responseTemplates: { "application/json": "{}" } } };
    fakes.deploy(upload({ document: { "x-amazon-apigateway-gateway-responses": own } }));
    expect((await put("a.jpg", Buffer.alloc(10_485_760))).status).to.equal(202);
    expect(fakes.s3Calls[0]!.body.length).to.equal(10_485_760);
    const plain = await put("a.jpg", Buffer.alloc(10_485_761));
    expect([plain.status, plain.text]).to.deep.equal([413, '{"message":"Request Too Long"}']);
    expect(fakes.s3Calls.length).to.equal(1);
  });

  it("answers 504 when the integration takes longer than its timeout", async () => {
    fakes.deploy(upload({ integration: { timeoutInMillis: 50 } }));
    let answered: () => void = () => undefined;
    fakes.s3 = () => new Promise((resolve) => (answered = () => resolve({ status: 200, headers: {} })));
    const reply = await put("a.jpg");
    answered();
    expect([reply.status, reply.text]).to.deep.equal([504, '{"message":"Endpoint request timed out"}']);
  });

  it("answers a mock integration with the status of its request template", async () => {
    const mock = {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: {
        "200": {
          statusCode: "202",
          responseTemplates: { "application/json": '{"stage":"$context.stage","v":"$stageVariables.v"}' },
        },
      },
    };
    fakes.deploy(upload({ operation: { "x-amazon-apigateway-integration": mock } }), { variables: { v: "1" } });
    const reply = await send(fakes.url, "/dev/raw/a.jpg", { method: "PUT" });
    expect([reply.status, reply.text]).to.deep.equal([202, '{"stage":"dev","v":"1"}']);
  });
});
