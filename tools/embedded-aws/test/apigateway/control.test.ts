import { Readable } from "node:stream";
import { expect } from "chai";
import { iamSecurity, upload } from "./documents";
import { caller, type Fakes, startGateway } from "./support";

// GetResources (API Gateway's REST API reference), in the form that test_import_swagger_api recorded.
describe("API Gateway's own API", () => {
  let fakes: Fakes;
  before(async () => {
    fakes = await startGateway();
    const document = upload({ operation: iamSecurity.operation, document: iamSecurity.document });
    fakes.deploy(document);
  });
  after(() => fakes.close());

  async function ask(path: string, query = "") {
    const { status, body } = await fakes.gateway.control.handle({
      service: "apigateway",
      method: "GET",
      path,
      query: new URLSearchParams(query),
      headers: {},
      body: Readable.from([]),
      principal: caller,
      requestId: "1",
      secure: true,
    });
    return { status, answer: JSON.parse(body as string) as Record<string, unknown> };
  }

  it("tells each method and its integration, the responses by status code", async () => {
    const { status, answer } = await ask("/restapis/abcdefghij/resources", "embed=methods");
    expect(status).to.equal(200);
    const [root, raw, object] = answer.item as Record<string, unknown>[];
    expect([root, raw, object].map((resource) => resource?.path)).to.deep.equal(["/", "/raw", "/raw/{object}"]);
    expect(raw).to.include({ parentId: root?.id, pathPart: "raw" }).and.to.not.have.property("resourceMethods");
    expect(object).to.include({ parentId: raw?.id, pathPart: "{object}" });
    expect(object?.resourceMethods).to.deep.equal({
      PUT: {
        httpMethod: "PUT",
        authorizationType: "AWS_IAM",
        apiKeyRequired: false,
        methodIntegration: {
          type: "AWS",
          httpMethod: "PUT",
          uri: "arn:aws:apigateway:us-east-1:s3:path/temp-bucket/images/{object}",
          credentials: "arn:aws:iam::000000000000:role/upload",
          passthroughBehavior: "WHEN_NO_MATCH",
          timeoutInMillis: 29_000,
          requestParameters: {
            "integration.request.path.object": "method.request.path.object",
            "integration.request.header.Content-Type": "'application/octet-stream'",
          },
          integrationResponses: {
            "202": {
              statusCode: "202",
              selectionPattern: "200",
              responseParameters: {
                "method.response.header.ETag": "integration.response.header.ETag",
                "method.response.header.x-amz-version-id": "integration.response.header.x-amz-version-id",
                "method.response.header.X-Fixed": "'yes'",
              },
            },
            "400": {
              statusCode: "400",
              selectionPattern: "4\\d{2}",
              contentHandling: "CONVERT_TO_TEXT",
              responseTemplates: { "application/json": '{"error":{"id":"$context.requestId"}}' },
            },
            "502": { statusCode: "502", selectionPattern: "5\\d{2}" },
          },
        },
      },
    });
  });

  it("gives the default response no pattern", async () => {
    const responses = { default: { statusCode: "502" } };
    fakes.deploy(upload({ integration: { responses } }));
    const { answer } = await ask("/restapis/abcdefghij/resources", "embed=methods");
    expect(answer)
      .to.have.nested.property("item[2].resourceMethods.PUT.methodIntegration.integrationResponses.502")
      .that.deep.equals({ statusCode: "502" });
    expect(answer).to.have.nested.property("item[2].resourceMethods.PUT.authorizationType", "NONE");
  });

  it("names the methods only, unless it is asked for more", async () => {
    const { answer } = await ask("/restapis/abcdefghij/resources");
    expect(answer).to.have.nested.property("item[2].resourceMethods").that.deep.equals({ PUT: {} });
  });

  it("asks for the right to GET the API's resources", async () => {
    fakes.questions.length = 0;
    await ask("/restapis/abcdefghij/resources");
    expect(fakes.questions).to.deep.equal([
      {
        principal: caller,
        action: "apigateway:GET",
        resource: "arn:aws:apigateway:us-east-1::/restapis/abcdefghij/resources",
      },
    ]);
    fakes.denies = () => true;
    expect((await ask("/restapis/abcdefghij/resources")).status).to.equal(403);
    fakes.denies = () => false;
  });

  it("answers 404 for another API, and 501 to everything else", async () => {
    expect((await ask("/restapis/other/resources")).status).to.equal(404);
    expect((await ask("/restapis")).status).to.equal(501);
  });
});
