import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createApiGateway, type ApiGateway } from "../../apigateway/apiGateway";
import { startS3, type TestS3 } from "../s3/support";
import { send, type Reply } from "./support";

/** Not UTF-8: gzip of "compressed data, should be invalid UTF-8 string". */
const encoded = "H4sIABRs7mMC/0vOzy0oSi0uTk1RSEksSdRRKM7IL81JUUhKVcjMK0vMyUxRCA1x07VQKC4pysxLBwC4ORBXLwAAAA==";
const raw = Buffer.from(encoded, "base64");
const text = "this is a UTF8 text typed object";
const bodies = { raw, encoded: Buffer.from(encoded), text: Buffer.from(text) };
const base64 = (body: Buffer): Buffer => Buffer.from(body.toString("base64"));
/** The rest of bytes that went through UTF-8. */
const damaged = Buffer.from(raw.toString("utf8"));

// Answers of AWS, as LocalStack's tests of the names in brackets recorded them.
describe("API Gateway's S3 integration, as recorded", () => {
  let s3: TestS3;
  let gateway: ApiGateway;
  let url: string;
  const roleArn = "arn:aws:iam::123456789012:role/gateway";
  before(async () => {
    s3 = await startS3();
    await s3.s3().send(
      new CreateBucketCommand({
        Bucket: "bucket",
        CreateBucketConfiguration: { LocationConstraint: "eu-central-1" },
      }),
    );
    const { iam, place } = s3;
    const trust = { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" };
    iam.putRole({ arn: roleArn, trustPolicy: { Statement: trust } });
    iam.putRolePolicy("gateway", "s3", { Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } });
    gateway = createApiGateway({
      iam,
      place,
      services: { s3: s3.service },
      lambda: { invoke: () => Promise.reject(new Error("no function here")) },
      logs: { write: () => undefined },
      announce: () => undefined,
    });
    ({ url } = await gateway.listen(0));
  });
  after(async () => {
    await gateway.close();
    await s3.close();
  });

  /** Every method of every path goes to the object of that name. */
  const deploy = ({
    request,
    response,
    binary = [],
  }: { request?: string; response?: string; binary?: string[] } = {}) => {
    const parameter = (name: string, place: string) => ({ name, in: place });
    const operation = (httpMethod: string) => ({
      parameters: [
        parameter("object_path", "path"),
        parameter("Content-Type", "header"),
        parameter("response-content-type", "header"),
      ],
      responses: { 200: { headers: { ETag: {} } } },
      "x-amazon-apigateway-integration": {
        type: "aws",
        httpMethod,
        uri: "arn:aws:apigateway:eu-central-1:s3:path/bucket/{object_path}",
        credentials: roleArn,
        ...(request !== undefined && { contentHandling: request }),
        requestParameters: {
          "integration.request.path.object_path": "method.request.path.object_path",
          "integration.request.header.Content-Type": "method.request.header.Content-Type",
          "integration.request.querystring.response-content-type": "method.request.header.response-content-type",
        },
        responses: {
          default: {
            statusCode: "200",
            responseParameters: { "method.response.header.ETag": "integration.response.header.ETag" },
            ...(response !== undefined && { contentHandling: response }),
          },
        },
      },
    });
    const body = {
      openapi: "3.0.1",
      "x-amazon-apigateway-binary-media-types": binary,
      paths: { "/{object_path+}": { get: operation("GET"), put: operation("PUT"), delete: operation("DELETE") } },
    };
    gateway.putApi({ id: "api", name: "api", body: JSON.stringify(body) });
    gateway.deploy("api", "deployment");
    gateway.putStage({ apiId: "api", name: "test", deploymentId: "deployment" });
  };
  const put = (key: string, body: Buffer, type: string): Promise<Reply> =>
    send(url, `/test/${key}`, { method: "PUT", body, headers: { "Content-Type": type } });
  const stored = async (key: string): Promise<Buffer> => {
    const { Body } = await s3.s3().send(new GetObjectCommand({ Bucket: "bucket", Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };

  it("an object comes, changes and goes; S3's error is the body of a 200 (test_apigateway_s3_any)", async () => {
    deploy();
    const get = () => send(url, "/test/test.json");
    const missing = (reply: Reply): void => {
      expect(reply.status).to.equal(200);
      expect(reply.text).to.match(/<Code>NoSuchKey<\/Code>.*<Message>The specified key does not exist\.<\/Message>/);
      expect(reply.text).to.match(/<Key>test\.json<\/Key>.*<RequestId>.+<\/RequestId><HostId>.+<\/HostId>/);
    };
    missing(await get());
    for (const body of ['{"put_id": 1}', '{"put_id": 2}']) {
      expect((await put("test.json", Buffer.from(body), "application/json")).status).to.equal(200);
      expect((await get()).text).to.equal(body);
    }
    await send(url, "/test/test.json", { method: "DELETE" });
    missing(await get());
  });

  it("methods of the API and of S3 differ, the body comes from a template (test_apigateway_s3_method_mapping)", async () => {
    const operation = (httpMethod: string, more: object = {}) => ({
      get: {
        responses: { 200: {} },
        "x-amazon-apigateway-integration": {
          type: "aws",
          httpMethod,
          uri: "arn:aws:apigateway:eu-central-1:s3:path/bucket/mapped.json",
          credentials: roleArn,
          responses: { default: { statusCode: "200" } },
          ...more,
        },
      },
    });
    const put = operation("PUT", {
      requestParameters: { "integration.request.header.Content-Type": "'application/json'" },
      requestTemplates: { "application/json": '{"message": "great success!"}' },
    });
    const paths = { "/get": operation("GET"), "/put": put, "/delete": operation("DELETE") };
    gateway.putApi({ id: "api", name: "api", body: JSON.stringify({ openapi: "3.0.1", paths }) });
    gateway.deploy("api", "deployment");
    gateway.putStage({ apiId: "api", name: "test", deploymentId: "deployment" });
    await send(url, "/test/put");
    expect((await send(url, "/test/get")).text).to.equal('{"message": "great success!"}');
    await send(url, "/test/delete");
    const gone = await send(url, "/test/get");
    expect(gone.status).to.equal(200);
    expect(gone.text).to.match(/<Code>NoSuchKey<\/Code>.*<Key>mapped\.json<\/Key>/);
  });

  type Matrix = [keyof typeof bodies, string, Buffer | 500][];
  const requests: [string, string | undefined, string[], Matrix][] = [
    [
      "request[None]",
      undefined,
      [],
      [
        ["raw", "image/png", damaged],
        ["encoded", "image/png", bodies.encoded],
        ["text", "image/png", bodies.text],
      ],
    ],
    [
      "request[None]",
      undefined,
      ["image/png"],
      [
        ["raw", "image/png", raw],
        ["encoded", "image/png", bodies.encoded],
        ["text", "image/png", bodies.text],
        ["raw", "text/plain", damaged],
        ["encoded", "text/plain", bodies.encoded],
        ["text", "text/plain", bodies.text],
      ],
    ],
    [
      "request[CONVERT_TO_TEXT]",
      "CONVERT_TO_TEXT",
      ["image/png"],
      [
        ["raw", "image/png", base64(raw)],
        ["encoded", "image/png", base64(bodies.encoded)],
        ["text", "image/png", base64(bodies.text)],
        ["raw", "text/plain", damaged],
        ["encoded", "text/plain", bodies.encoded],
        ["text", "text/plain", bodies.text],
      ],
    ],
    [
      "request_convert_to_binary",
      "CONVERT_TO_BINARY",
      [],
      [
        ["encoded", "image/png", raw],
        ["raw", "image/png", 500],
        ["text", "text/plain", 500],
      ],
    ],
    [
      "request_convert_to_binary",
      "CONVERT_TO_BINARY",
      ["image/png"],
      [
        ["raw", "image/png", raw],
        ["encoded", "image/png", bodies.encoded],
        ["text", "image/png", bodies.text],
        ["raw", "text/plain", 500],
        ["text", "text/plain", 500],
        ["encoded", "text/plain", raw],
      ],
    ],
  ];
  for (const [name, request, binary, matrix] of requests)
    for (const [body, type, expected] of matrix)
      it(`PUT of ${body} as ${type}, binary ${binary.join() || "none"} (test_apigw_s3_binary_support_${name})`, async () => {
        deploy({ request, binary });
        const reply = await put(body, bodies[body], type);
        expect(reply.status).to.equal(expected === 500 ? 500 : 200);
        if (expected === 500) return;
        expect(reply.text).to.equal("");
        expect(await stored(body)).to.deep.equal(expected);
      });

  /** Accept, the object's type, and the answer for raw, encoded and text. */
  type Answers = [string, string | undefined, string[], [string, string, (Buffer | 500 | undefined)[]][]];
  const asStored = [raw, bodies.encoded, bodies.text];
  const asText = [damaged, bodies.encoded, bodies.text];
  const asBase64 = asStored.map(base64);
  const responses: Answers[] = [
    [
      "no_content_handling",
      undefined,
      [],
      [["image/png", "binary/octet-stream", [damaged, bodies.encoded, undefined]]],
    ],
    [
      "no_content_handling",
      undefined,
      ["image/png"],
      [
        ["image/png", "binary/octet-stream", [500, raw, 500]],
        ["image/png", "image/png", asStored],
        ["text/plain", "binary/octet-stream", asText],
        ["text/plain", "image/png", asBase64],
      ],
    ],
    [
      "convert_to_text",
      "CONVERT_TO_TEXT",
      ["image/png"],
      [
        ["image/png", "binary/octet-stream", asText],
        ["image/png", "image/png", asBase64],
        ["text/plain", "binary/octet-stream", asText],
        ["text/plain", "image/png", asBase64],
      ],
    ],
    [
      "convert_to_binary",
      "CONVERT_TO_BINARY",
      ["image/png"],
      [
        ["image/png", "binary/octet-stream", [500, raw, 500]],
        ["image/png", "image/png", asStored],
        ["text/plain", "binary/octet-stream", [500, raw, 500]],
        ["text/plain", "image/png", asStored],
      ],
    ],
  ];
  for (const [name, response, binary, matrix] of responses)
    for (const [accept, type, expected] of matrix)
      it(`GET of ${type} for ${accept}, binary ${binary.join() || "none"} (test_apigw_s3_binary_support_response_${name})`, async () => {
        deploy({ response, binary });
        for (const [index, [key, body]] of Object.entries(bodies).entries()) {
          const answer = expected[index];
          if (answer === undefined) continue;
          await s3.s3().send(new PutObjectCommand({ Bucket: "bucket", Key: key, Body: body }));
          const reply = await send(url, `/test/${key}`, { headers: { Accept: accept, "response-content-type": type } });
          expect(reply.status, key).to.equal(answer === 500 ? 500 : 200);
          if (answer === 500) continue;
          expect(reply.body, key).to.deep.equal(answer);
          expect(reply.headers.etag, key).to.be.a("string");
        }
      });
});
