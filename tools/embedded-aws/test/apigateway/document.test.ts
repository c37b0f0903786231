import { expect } from "chai";
import { parseDocument } from "../../apigateway/document";
import { findRoute } from "../../apigateway/routes";
import { parseTemplate } from "../../apigateway/templates";
import { proxy, upload } from "./documents";

const refusal = (document: object): string => {
  try {
    parseDocument(JSON.stringify(document));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("The document was accepted, and should not be");
};

describe("API Gateway: what a document may contain", () => {
  const refused: [string, object, string][] = [
    ["another version", { openapi: "3.1.0", paths: {} }, "openapi is"],
    ["an unknown extension", upload({ document: { "x-amazon-apigateway-cors": {} } }), "x-amazon-apigateway-cors"],
    ["an unknown property of an integration", upload({ integration: { tlsConfig: {} } }), "tlsConfig of"],
    ["an integration of type http", upload({ integration: { type: "http" } }), "an integration of type http"],
    ["a timeout over 29 s", upload({ integration: { timeoutInMillis: 30_000 } }), "50 to 29000"],
    [
      "a placeholder without a mapping",
      upload({ integration: { requestParameters: {} } }),
      "integration.request.path.object",
    ],
    [
      "a mapping from an undeclared parameter",
      upload({
        integration: {
          requestParameters: {
            "integration.request.path.object": "method.request.path.object",
            "integration.request.header.A": "method.request.header.B",
          },
        },
      }),
      "Invalid mapping expression parameter specified: method.request.header.B",
    ],
    [
      "an undeclared header of a response",
      upload({
        integration: {
          responses: { default: { statusCode: "202", responseParameters: { "method.response.header.Other": "'1'" } } },
        },
      }),
      "a header that response 202 declares",
    ],
    [
      "an undeclared status",
      upload({ integration: { responses: { default: { statusCode: "418" } } } }),
      "among the method's responses",
    ],
    [
      "a directive in a template",
      upload({
        integration: {
          responses: { default: { statusCode: "400", responseTemplates: { "text/plain": "#set($a = 1)" } } },
        },
      }),
      "#set in the mapping template",
    ],
    ["a Lambda function by GET", proxy({ integration: { httpMethod: "GET" } }), "POST for a Lambda function"],
    [
      "another kind of authorizer",
      proxy({
        operation: { security: [{ key: [] }] },
        document: { components: { securitySchemes: { key: { type: "apiKey" } } } },
      }),
      "the security scheme key of type apiKey",
    ],
    [
      "two answers of an integration with one status",
      upload({ integration: { responses: { "400": { statusCode: "400" }, default: { statusCode: "400" } } } }),
      "it must be one response for each status",
    ],
    [
      "another answer to a body that is too large",
      upload({ document: { "x-amazon-apigateway-gateway-responses": { REQUEST_TOO_LARGE: { statusCode: 400 } } } }),
      "API Gateway does not let it be changed",
    ],
    [
      "validation of bodies",
      proxy({
        document: {
          "x-amazon-apigateway-request-validators": { all: { validateRequestBody: true } },
          "x-amazon-apigateway-request-validator": "all",
        },
      }),
      "validateRequestBody",
    ],
    [
      "an unknown gateway response",
      proxy({ document: { "x-amazon-apigateway-gateway-responses": { TEAPOT: {} } } }),
      "TEAPOT",
    ],
    [
      "an unsupported variable",
      proxy({
        document: {
          "x-amazon-apigateway-gateway-responses": {
            THROTTLED: { responseTemplates: { "application/json": "$util.urlEncode('x')" } },
          },
        },
      }),
      "$util.urlEncode('x')",
    ],
  ];
  for (const [what, document, message] of refused)
    it(`refuses ${what} by name`, () => {
      expect(refusal(document)).to.contain(message);
    });
});

describe("API Gateway: routes", () => {
  it("prefers a resource's own name to a parameter, that to the rest of the path, and a method to ANY", () => {
    const integration = { type: "mock" } as never;
    const authorization = { type: "NONE" as const };
    const method = (httpMethod: string, resourcePath: string) => ({
      httpMethod,
      resourcePath,
      integration,
      authorization,
      required: [],
    });
    const methods = [
      method("ANY", "/{proxy+}"),
      method("ANY", "/raw/{object}"),
      method("GET", "/raw/{object}"),
      method("GET", "/raw/list"),
    ];
    const found = (httpMethod: string, path: string) => {
      const route = findRoute(methods, httpMethod, path);
      return route && `${route.method.httpMethod} ${route.method.resourcePath} ${JSON.stringify(route.pathParameters)}`;
    };
    expect(found("GET", "/raw/list")).to.equal("GET /raw/list {}");
    expect(found("GET", "/raw/a%2Fb")).to.equal('GET /raw/{object} {"object":"a%2Fb"}');
    expect(found("PUT", "/raw/a/")).to.equal('ANY /raw/{object} {"object":"a"}');
    expect(found("PUT", "/raw/a/b")).to.equal('ANY /{proxy+} {"proxy":"raw/a/b"}');
    expect(found("PUT", "/")).to.equal(undefined);
  });
});

describe("API Gateway: mapping templates", () => {
  const input = { context: (name: string) => (name === "requestId" ? "id-1" : undefined), body: '{"a":{"b":[1,"x"]}}' };
  for (const [template, written] of [
    ["plain $5 #fff", "plain $5 #fff"],
    ["$context.requestId!", "id-1!"],
    ["${context.requestId}x", "id-1x"],
    ["[$context.unknown]", "[]"],
    ["$input.body", '{"a":{"b":[1,"x"]}}'],
    ["$input.path('$.a.b[1]')", "x"],
    ["$input.json('$.a.b')", '[1,"x"]'],
  ] as const)
    it(`writes ${template} as ${written}`, () => {
      expect(parseTemplate(template, "a test")(input)).to.equal(written);
    });
});
