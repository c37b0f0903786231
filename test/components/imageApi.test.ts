import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type * as aws from "@pulumi/aws";
import { expect } from "chai";

import { ImageApi, type ImageApiArgs } from "../../components/imageApi";
import { ImageStore } from "../../components/imageStore";
import { openApiDocument, type ApiAuth } from "../../components/openapi";
import { declare, type Stack } from "../support/pulumi";

const lambda = (name: string) =>
  ({ name, invokeArn: `arn:aws:apigateway:eu-west-1:lambda:${name}` }) as unknown as aws.lambda.Function;
const declareApi = (more: Partial<ImageApiArgs> = {}) =>
  declare(() => {
    new ImageApi("ImageApi", {
      store: new ImageStore("store", { keepData: false }),
      get: lambda("RawImageGetProcess"),
      delete: lambda("RawImageDeleteProcess"),
      auth: "iam",
      throttle: { rate: 5, burst: 10 },
      logRetentionDays: 7,
      manageAccount: true,
      ...more,
    });
  });

const values = {
  title: "ImageApi",
  region: "eu-west-1",
  partition: "aws",
  tempImagesBucket: "uploads",
  uploadRoleArn: "arn:aws:iam::123456789012:role/upload",
  getInvokeArn: "arn:get",
  deleteInvokeArn: "arn:delete",
};
const pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_A";
interface Integration {
  uri: string;
  requestParameters: Record<string, string>;
  responses: Record<string, { statusCode: string; responseTemplates?: Record<string, string>; [key: string]: unknown }>;
}
interface Document {
  security: unknown;
  components: { securitySchemes?: Record<string, unknown> };
  paths: Record<string, Record<"put" | "get" | "delete", { "x-amazon-apigateway-integration": Integration }>>;
  [extension: string]: unknown;
}
const documentOf = (auth: ApiAuth = { type: "iam" }) => openApiDocument({ ...values, auth }) as unknown as Document;
const operation = (method: "put" | "get" | "delete") =>
  documentOf().paths["/raw/{object}"]![method]["x-amazon-apigateway-integration"];

/** Rejects with what Redocly finds in a document. */
async function lint(document: unknown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  try {
    writeFileSync(join(folder, "openapi.json"), JSON.stringify(document));
    writeFileSync(join(folder, "redocly.yaml"), "extends: [spec]\ntelemetry: 'off'\n");
    const redocly = join(process.cwd(), "node_modules/@redocly/cli/bin/cli.js");
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    await promisify(execFile)(process.execPath, [redocly, "lint", "openapi.json"], { cwd: folder, env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the API's OpenAPI document", () => {
  for (const auth of [{ type: "iam" }, { type: "cognito", userPoolArn: pool }, { type: "none" }] as ApiAuth[]) {
    it(`is valid with ${auth.type} authorisation`, async () => {
      await lint(documentOf(auth));
    });
  }

  it("is checked by what finds a broken one", async () => {
    const { paths, ...others } = documentOf();
    const findings = await lint({ ...others, paths: { "/raw/{other}": paths["/raw/{object}"] } }).then(
      () => "none",
      (error: unknown) => JSON.stringify(error),
    );
    expect(findings).to.include("path-parameters-defined");
  });

  it("writes an upload to its place in the temp bucket, whatever the client calls its content", () => {
    const { uri, requestParameters } = operation("put");
    expect(uri).to.equal("arn:aws:apigateway:eu-west-1:s3:path/uploads/images/{object}");
    expect(requestParameters).to.deep.equal({
      "integration.request.path.object": "method.request.path.object",
      "integration.request.header.Content-Type": "'application/octet-stream'",
    });
  });

  it("answers an upload with its entity tag and version", () => {
    expect(operation("put").responses["200"]).to.deep.equal({
      statusCode: "202",
      responseParameters: {
        "method.response.header.ETag": "integration.response.header.ETag",
        "method.response.header.x-amz-version-id": "integration.response.header.x-amz-version-id",
      },
    });
  });

  // S3's own codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  for (const [code, expected] of [
    [400, "400"],
    [403, "502"],
    [404, "502"],
    [409, "502"],
    [411, "502"],
    [500, "502"],
    [501, "502"],
    [503, "503"],
  ] as const) {
    it(`answers ${expected} where S3 answers ${code}, with an error of its own`, () => {
      const { responses } = operation("put");
      const matching = Object.keys(responses).filter((pattern) => new RegExp(`^(?:${pattern})$`).test(String(code)));
      expect(matching).to.have.lengthOf(1);
      const response = responses[matching[0] ?? ""];
      expect(response?.statusCode).to.equal(expected);
      expect(response?.contentHandling).to.equal("CONVERT_TO_TEXT");
      const body = JSON.parse(response?.responseTemplates?.["application/json"] ?? "") as { error: object };
      expect(body.error).to.have.all.keys("code", "message");
    });
  }

  it("never answers 2xx to what it does not know", () => {
    expect(operation("put").responses.default?.statusCode).to.equal("502");
  });

  it("hands everything else to functions", () => {
    for (const [method, uri] of [
      ["get", "arn:get"],
      ["delete", "arn:delete"],
    ] as const) {
      expect(operation(method)).to.deep.equal({ type: "aws_proxy", httpMethod: "POST", uri });
    }
  });

  it("takes bytes as bytes, and validates parameters", () => {
    const document = documentOf();
    expect(document["x-amazon-apigateway-binary-media-types"]).to.deep.equal(["*/*"]);
    expect(document["x-amazon-apigateway-request-validators"]).to.deep.equal({
      parameters: { validateRequestParameters: true, validateRequestBody: false },
    });
    expect(document["x-amazon-apigateway-request-validator"]).to.equal("parameters");
  });

  it("says what to do with an image that is too large", () => {
    const responses = documentOf()["x-amazon-apigateway-gateway-responses"] as Record<
      string,
      { statusCode?: string; responseTemplates: Record<string, string> }
    >;
    const { statusCode, responseTemplates } = responses.REQUEST_TOO_LARGE!;
    expect(statusCode).to.equal("413");
    expect(JSON.parse(responseTemplates["application/json"]!)).to.deep.equal({
      error: {
        code: "RequestTooLarge",
        message: "The image has more than 10 MB. Ask POST /uploads for a URL that takes it.",
      },
    });
  });

  it("authorises every method by SigV4, by a user pool, or expressly not at all", () => {
    const header = { type: "apiKey", name: "Authorization", in: "header" };
    expect(documentOf().security).to.deep.equal([{ sigv4: [] }]);
    expect(documentOf().components.securitySchemes).to.deep.equal({
      sigv4: { ...header, "x-amazon-apigateway-authtype": "awsSigv4" },
    });
    const cognito = documentOf({ type: "cognito", userPoolArn: pool });
    expect(cognito.security).to.deep.equal([{ cognito: [] }]);
    expect(cognito.components.securitySchemes).to.deep.equal({
      cognito: {
        ...header,
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [pool] },
      },
    });
    const open = documentOf({ type: "none" });
    expect(open.security).to.deep.equal([]);
    expect(open.components).not.to.have.property("securitySchemes");
  });
});

describe("ImageApi", () => {
  let stack: Stack;
  before(async () => {
    stack = await declareApi();
  });

  it("is regional and made of the document alone", () => {
    const { body, ...inputs } = stack.inputs("RestApi") as { body: Document };
    expect(inputs).to.deep.equal({ endpointConfiguration: { types: "REGIONAL" } });
    const document = openApiDocument({
      ...values,
      tempImagesBucket: "snail-temp-images-test",
      uploadRoleArn: "arn:aws:iam::123456789012:role/ImageApi-upload",
      getInvokeArn: lambda("RawImageGetProcess").invokeArn as unknown as string,
      deleteInvokeArn: lambda("RawImageDeleteProcess").invokeArn as unknown as string,
      auth: { type: "iam" },
    });
    expect(body).to.deep.equal(stack.legible(document));
  });

  it("writes uploads with a role that can do nothing else", () => {
    expect(stack.policies("ImageApi-upload")).to.deep.equal({
      SnailTempImagesBucketPutPolicy: [
        { Effect: "Allow", Action: ["s3:PutObject"], Resource: "arn:aws:s3:::snail-temp-images-test/images/*" },
      ],
    });
    expect(stack.inputs("Role", "ImageApi-upload")).to.deep.equal({
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "apigateway.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          },
        ],
      },
    });
  });

  it("deploys anew when the document changes, and only then", async () => {
    const trigger = (of: Stack) => (of.one("Deployment").given.triggers as { body: string }).body;
    expect(trigger(await declareApi())).to.equal(trigger(stack));
    expect(trigger(await declareApi({ auth: "none" }))).not.to.equal(trigger(stack));
  });

  it("has a stage with access log, error log, tracing and throttles, and without anybody's data in logs", () => {
    const { accessLogSettings, ...inputs } = stack.inputs("Stage") as {
      accessLogSettings: { destinationArn: string; format: Record<string, string> };
    };
    expect(inputs).to.deep.equal({
      restApi: stack.one("RestApi").id,
      deployment: stack.one("Deployment").id,
      stageName: "test",
      xrayTracingEnabled: true,
    });
    expect(accessLogSettings.destinationArn).to.equal(
      "arn:aws:logs:eu-west-1:123456789012:log-group:ImageApi-access-log",
    );
    expect(accessLogSettings.format).to.include({ requestId: "$context.requestId", status: "$context.status" });
    expect(stack.inputs("LogGroup", "ImageApi-access-log")).to.deep.equal({ retentionInDays: 7 });
    expect(stack.inputs("MethodSettings")).to.deep.equal({
      restApi: stack.one("RestApi").id,
      stageName: "test",
      methodPath: "*/*",
      settings: {
        loggingLevel: "ERROR",
        dataTraceEnabled: false,
        metricsEnabled: true,
        throttlingRateLimit: 5,
        throttlingBurstLimit: 10,
      },
    });
  });

  it("may call each function by one method of this stage", () => {
    const { executionArn } = stack.one("RestApi").state as { executionArn: string };
    for (const [method, name] of [
      ["GET", "RawImageGetProcess"],
      ["DELETE", "RawImageDeleteProcess"],
    ] as const) {
      expect(stack.one("Permission", `ImageApi-${method}`).given).to.deep.equal({
        action: "lambda:InvokeFunction",
        function: name,
        principal: "apigateway.amazonaws.com",
        sourceArn: `${executionArn}/test/${method}/raw/*`,
      });
    }
    expect(stack.all("Permission")).to.have.lengthOf(2);
  });

  it("leaves the account's log role alone where it is told to", async () => {
    expect(stack.all("ApiGatewayAccount")).to.have.lengthOf(1);
    expect(stack.dependencies("Stage")).to.include("ImageApi-account");
    expect((await declareApi({ manageAccount: false })).all("ApiGatewayAccount")).to.be.empty;
  });

  it("refuses cognito without a user pool", async () => {
    const refused = await declare(() => {
      const args = { auth: "cognito" } as ImageApiArgs;
      expect(() => new ImageApi("ImageApi", args)).to.throw(
        'ImageApi "ImageApi": cognitoUserPoolArn must be a user pool\'s ARN when auth is cognito; it is not set',
      );
    });
    expect(refused.resources).to.be.empty;
  });

  it("is the ancestor of everything it declares", () => {
    const own = stack.resources.filter(
      (resource) => resource.name !== "ImageApi" && resource.name.startsWith("ImageApi"),
    );
    expect(own).to.have.lengthOf.above(8);
    for (const resource of own) expect(stack.ancestors(resource).at(-1), resource.name).to.equal("ImageApi ImageApi");
  });
});
