import { both, plus, resource, set, without, type Change, type Fixture } from "../fixture";

type Json = Record<string, unknown>;
const uri = "arn:aws:apigateway:eu-west-1:s3:path/photos/images/{object}";
const responses: Json = {
  "200": { statusCode: "202" },
  "4\\d\\d": { statusCode: "400" },
  default: { statusCode: "502" },
};
const integration = { type: "aws", httpMethod: "PUT", uri, responses };
const operation = {
  security: [{ sigv4: [] }],
  "x-amazon-apigateway-request-validator": "parameters",
  "x-amazon-apigateway-integration": integration,
};
const document = {
  openapi: "3.0.1",
  "x-amazon-apigateway-binary-media-types": ["*/*"],
  "x-amazon-apigateway-request-validators": { parameters: { validateRequestParameters: true } },
  components: {
    securitySchemes: {
      sigv4: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
      key: { type: "apiKey", name: "x-api-key", in: "header" },
    },
  },
  paths: { "/raw/{object}": { put: operation } },
};
const api = resource("aws:apigateway/restApi:RestApi", "api", { body: JSON.stringify(document) }, { id: "api-id" });
const withBody = (changed: Json): Change => set("api", "body", JSON.stringify({ ...document, ...changed }));
const withOperation = (changed: Json): Change =>
  withBody({ paths: { "/raw/{object}": { put: { ...operation, ...changed } } } });
const withIntegration = (changed: Json): Change =>
  withOperation({ "x-amazon-apigateway-integration": { ...integration, ...changed } });

const method = resource("aws:apigateway/method:Method", "method", {
  restApi: "api-id",
  httpMethod: "GET",
  authorization: "AWS_IAM",
  requestValidatorId: "v",
});
const options = resource("aws:apigateway/method:Method", "options", { httpMethod: "OPTIONS", authorization: "NONE" });

const stageArn = "arn:aws:apigateway:eu-west-1::/restapis/api-id/stages/dev";
const stage = (inputs: Json = {}) =>
  resource(
    "aws:apigateway/stage:Stage",
    "stage",
    { restApi: "api-id", stageName: "dev", ...inputs },
    {
      outputs: { arn: stageArn },
    },
  );
const settings = (inputs: Json) =>
  resource("aws:apigateway/methodSettings:MethodSettings", "settings", {
    restApi: "api-id",
    stageName: "dev",
    methodPath: "*/*",
    settings: inputs,
  });
const ofMethod = { restApi: "api-id", resourceId: "upload", httpMethod: "PUT" };
const response = (name: string, statusCode: string) =>
  resource("aws:apigateway/integrationResponse:IntegrationResponse", name, {
    restApi: "api-id",
    resourceId: "r",
    httpMethod: "PUT",
    statusCode,
  });

/** Fixtures of the rules about APIs, by the rule's name. */
export const apigateway: Record<string, Fixture> = {
  "apigateway-authorised": {
    good: [
      api,
      method,
      options,
      resource("aws:apigatewayv2/route:Route", "route", { routeKey: "GET /x", authorizationType: "JWT" }),
    ],
    bad: {
      "with an open operation": withOperation({ security: [] }),
      "with an open alternative": withOperation({ security: [{ sigv4: [] }, {}] }),
      "with an API key alone": withOperation({ security: [{ key: [] }] }),
      "with a scheme that is missing": withOperation({ security: [{ oauth: [] }] }),
      "with an open method": set("method", "authorization", "NONE"),
      "with a method with an API key alone": both(
        set("method", "authorization", "NONE"),
        set("method", "apiKeyRequired", true),
      ),
      "with an open route": set("route", "authorizationType", "NONE"),
    },
    fine: {
      "with an open OPTIONS": withBody({ paths: { "/x": { options: {} } } }),
      "with an API key besides": withOperation({ security: [{ sigv4: [], key: [] }] }),
    },
  },
  "apigateway-own-security": {
    good: [api],
    bad: {
      "with none": withOperation({ security: undefined }),
      "with that of the root": both(withOperation({ security: undefined }), {
        to: (stack) =>
          set(
            "api",
            "body",
            JSON.stringify({ ...document, security: [{ sigv4: [] }], paths: { "/x": { get: {} } } }),
          ).to(stack),
      }),
    },
  },
  "apigateway-request-validator": {
    good: [api, method, options],
    bad: {
      "without a validator": withOperation({ "x-amazon-apigateway-request-validator": undefined }),
      "with a validator that is missing": withOperation({ "x-amazon-apigateway-request-validator": "body" }),
      "with a validator that validates nothing": withBody({
        "x-amazon-apigateway-request-validators": { parameters: { validateRequestParameters: false } },
      }),
      "with a method without one": set("method", "requestValidatorId", undefined),
    },
  },
  "apigateway-access-log": {
    good: [
      stage({
        accessLogSettings: {
          destinationArn: "arn:log",
          format: '{"id":"$context.requestId","status":$context.status}',
        },
      }),
    ],
    bad: {
      "without a log": set("stage", "accessLogSettings", undefined),
      "without a group": set("stage", "accessLogSettings.destinationArn", undefined),
      "with lines of text": set("stage", "accessLogSettings.format", "$context.requestId $context.status"),
    },
  },
  "apigateway-execution-log": {
    good: [api, stage(), settings({ loggingLevel: "ERROR" })],
    bad: {
      "with logging off": set("settings", "settings.loggingLevel", "OFF"),
      "without a level": set("settings", "settings.loggingLevel", undefined),
      "without settings": without("settings"),
      "with settings of one method": set("settings", "methodPath", "raw/GET"),
    },
  },
  "apigateway-no-data-trace": {
    good: [settings({ dataTraceEnabled: false })],
    bad: { "with content in the log": set("settings", "settings.dataTraceEnabled", true) },
  },
  "apigateway-throttles": {
    good: [api, stage(), settings({ throttlingRateLimit: 20, throttlingBurstLimit: 40 })],
    bad: {
      "without a rate": set("settings", "settings.throttlingRateLimit", undefined),
      "without a burst": set("settings", "settings.throttlingBurstLimit", -1),
      "without settings": without("settings"),
    },
  },
  "apigateway-waf": {
    good: [
      stage(),
      resource("aws:wafv2/webAclAssociation:WebAclAssociation", "association", { resourceArn: stageArn }),
    ],
    bad: { "without a firewall": without("association") },
  },
  "apigateway-tracing": {
    good: [stage({ xrayTracingEnabled: true })],
    bad: { "without tracing": set("stage", "xrayTracingEnabled", undefined) },
  },
  "apigateway-domain-tls": {
    good: [
      resource("aws:apigateway/domainName:DomainName", "domain", { securityPolicy: "TLS_1_2" }),
      resource("aws:apigatewayv2/domainName:DomainName", "domain2", {
        domainNameConfiguration: { securityPolicy: "TLS_1_2" },
      }),
    ],
    bad: {
      "with TLS 1.0": set("domain", "securityPolicy", "TLS_1_0"),
      "with the default": set("domain", "securityPolicy", undefined),
      "with TLS 1.0 for an HTTP API": set("domain2", "domainNameConfiguration.securityPolicy", "TLS_1_0"),
    },
    fine: { "with TLS 1.3": set("domain", "securityPolicy", "SecurityPolicy_TLS13_1_3_2025_09") },
  },
  "apigateway-s3-integration": {
    good: [
      api,
      resource("aws:apigateway/integration:Integration", "integration", { ...ofMethod, uri }),
      resource("aws:apigateway/integrationResponse:IntegrationResponse", "ok", {
        ...ofMethod,
        statusCode: "200",
        selectionPattern: "200",
      }),
      resource("aws:apigateway/integrationResponse:IntegrationResponse", "failed", { ...ofMethod, statusCode: "502" }),
    ],
    bad: {
      "without binary types": withBody({ "x-amazon-apigateway-binary-media-types": undefined }),
      "with a bucket of the client's choice": withIntegration({ uri: uri.replace("photos", "{bucket}") }),
      "with a prefix of the client's choice": withIntegration({ uri: uri.replace("images/", "") }),
      "with an ACL of the client's choice": withIntegration({
        requestParameters: { "integration.request.header.x-amz-acl": "method.request.header.x-amz-acl" },
      }),
      "with a grant of the client's choice": withIntegration({
        requestParameters: { "integration.request.header.x-amz-grant-read": "method.request.header.grant" },
      }),
      "with failures answered as success": withIntegration({ responses: { default: { statusCode: "200" } } }),
      "with 4xx not told apart": withIntegration({
        responses: { "5\\d\\d": { statusCode: "502" }, default: { statusCode: "202" } },
      }),
      "without responses": withIntegration({ responses: undefined }),
      "with a bucket of the client's choice in a resource": set(
        "integration",
        "uri",
        uri.replace("photos", "{bucket}"),
      ),
      "with an ACL of the client's choice in a resource": set("integration", "requestParameters", {
        "integration.request.header.x-amz-acl": "method.request.header.x-amz-acl",
      }),
      "without the response for failures": without("failed"),
    },
    fine: {
      "with binary types in the API": both(
        withBody({ "x-amazon-apigateway-binary-media-types": undefined }),
        set("api", "binaryMediaTypes", ["*/*"]),
      ),
    },
  },
  "apigateway-one-response-each": {
    good: [api, response("ok", "200"), response("bad", "400")],
    bad: {
      "with two responses of one code": withIntegration({
        responses: { ...responses, "5\\d\\d": { statusCode: "502" } },
      }),
      "with one more resource of a code": plus(response("also", "400")),
    },
  },
};
