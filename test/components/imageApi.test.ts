import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import * as aws from "@pulumi/aws";
import { expect } from "chai";

import { ImageApi, type ImageApiArgs } from "../../components/imageApi";
import { ImageStore } from "../../components/imageStore";
import { openApiDocument, type ApiAuth } from "../../components/openapi";
import { declare, type Stack } from "../support/pulumi";

const lambda = (name: string) =>
  ({ name, invokeArn: `arn:aws:apigateway:eu-west-1:lambda:${name}` }) as unknown as aws.lambda.Function;
const declareApi = (more: Partial<ImageApiArgs> = {}) =>
  declare(() => {
    const store = new ImageStore("store", { prefix: "", keepData: false });
    new ImageApi("ImageApi", {
      store,
      notification: new aws.s3.BucketNotification("notification", { bucket: store.tempImages.bucket }),
      get: lambda("RawImageGetProcess"),
      list: lambda("RawImageListProcess"),
      delete: lambda("RawImageDeleteProcess"),
      upload: lambda("UploadProcess"),
      auth: "iam",
      throttle: { rate: 5, burst: 10 },
      logRetentionDays: 7,
      tracing: true,
      alarms: { actions: [], names: [], arns: [] },
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
  listInvokeArn: "arn:list",
  deleteInvokeArn: "arn:delete",
  uploadInvokeArn: "arn:upload",
  allowedOrigins: [] as string[],
};
const pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_A";
interface Integration {
  uri: string;
  requestParameters: Record<string, string>;
  responses: Record<string, { statusCode: string; responseTemplates?: Record<string, string>; [key: string]: unknown }>;
}
interface Operation {
  security: unknown;
  "x-amazon-apigateway-integration": Integration;
}
type Method = "put" | "get" | "head" | "delete" | "post" | "options";
interface Document {
  components: { securitySchemes?: Record<string, unknown> };
  paths: Record<string, Record<Method, Operation>>;
  [extension: string]: unknown;
}
const documentOf = (auth: ApiAuth = { type: "iam" }) => openApiDocument({ ...values, auth }) as unknown as Document;
const operation = (method: Method, path = "/raw/{object}") =>
  documentOf().paths[path]![method]["x-amazon-apigateway-integration"];

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

  it("has one answer for each status code, and a 502 for everything that is not known", () => {
    const statuses = Object.entries(operation("put").responses).map(([pattern, { statusCode }]) => [
      pattern,
      statusCode,
    ]);
    expect(statuses).to.deep.equal([
      ["200", "202"],
      ["400", "400"],
      ["503", "503"],
      ["default", "502"],
    ]);
  });

  for (const [pattern, code, message] of [
    ["400", "BadUpload", "The name or the content cannot be stored. Check the name and send it again."],
    ["503", "StorageBusy", "The storage is busy. Send the image again in a moment."],
    [
      "default",
      "StorageFailed",
      "The storage did not take the image. It takes a name with a plus sign (+) by POST /uploads alone; with any other name, send the image again.",
    ],
  ] as const) {
    it(`answers ${code} as JSON in place of S3's XML`, () => {
      const { statusCode, ...response } = operation("put").responses[pattern]!;
      expect(statusCode).to.match(/^[45]/);
      expect(response).to.deep.equal({
        contentHandling: "CONVERT_TO_TEXT",
        responseParameters: { "method.response.header.Content-Type": "'application/json'" },
        responseTemplates: { "application/json": JSON.stringify({ error: { code, message } }) },
      });
    });
  }

  it("hands everything else to functions", () => {
    for (const [path, method, uri] of [
      ["/raw/{object}", "get", "arn:get"],
      ["/raw/{object}", "head", "arn:get"],
      ["/images/{imageType}/{object}", "get", "arn:get"],
      ["/raw/{object}", "delete", "arn:delete"],
      ["/uploads", "post", "arn:upload"],
    ] as const) {
      expect(operation(method, path)).to.deep.equal({ type: "aws_proxy", httpMethod: "POST", uri });
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

  it("answers API Gateway's own errors in the form of all others, but the 413 that cannot be changed", () => {
    const template = (code: string, message: string) => ({
      "application/json": `{"error":{"code":"${code}","message":${message}}}`,
    });
    const others = template("$context.error.responseType", "$context.error.messageString");
    expect(documentOf()["x-amazon-apigateway-gateway-responses"]).to.deep.equal({
      DEFAULT_4XX: { responseTemplates: others },
      DEFAULT_5XX: { responseTemplates: others },
      THROTTLED: {
        statusCode: "429",
        responseTemplates: template("Throttled", '"Too many requests. Try again in a moment."'),
      },
    });
  });

  describe("for pages of other origins", () => {
    const forPages = openApiDocument({
      ...values,
      auth: { type: "iam" },
      allowedOrigins: ["https://a.example"],
    }) as unknown as Document;

    it("is valid", () => lint(forPages));

    it("has preflight requests answered by functions, without authorisation", () => {
      for (const [path, uri] of [
        ["/raw/{object}", "arn:get"],
        ["/raw", "arn:list"],
        ["/uploads", "arn:upload"],
      ] as const) {
        const { security, ...operation } = forPages.paths[path]!.options;
        expect(security).to.deep.equal([]);
        expect(operation["x-amazon-apigateway-integration"]).to.deep.equal({
          type: "aws_proxy",
          httpMethod: "POST",
          uri,
        });
        expect(documentOf().paths[path]).not.to.have.property("options");
      }
    });

    it("asks S3 whether the page may read the answer to an upload, whatever it is", () => {
      const { requestParameters, responses } = forPages.paths["/raw/{object}"]!.put["x-amazon-apigateway-integration"];
      expect(requestParameters).to.include({ "integration.request.header.Origin": "method.request.header.Origin" });
      for (const [pattern, { responseParameters }] of Object.entries(responses)) {
        expect(responseParameters, pattern).to.include({
          "method.response.header.Access-Control-Allow-Origin":
            "integration.response.header.Access-Control-Allow-Origin",
          "method.response.header.Access-Control-Expose-Headers":
            "integration.response.header.Access-Control-Expose-Headers",
        });
      }
    });

    it("lets every page read API Gateway's own errors, which hold nothing of an image", () => {
      for (const response of Object.values(forPages["x-amazon-apigateway-gateway-responses"] as object))
        expect(response).to.have.deep.property("responseParameters", {
          "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
        });
    });

    it("may call the functions that answer preflight requests", async () => {
      const stack = await declareApi({ allowedOrigins: ["https://a.example"] });
      const { executionArn } = stack.one("RestApi").state as { executionArn: string };
      const permissions = stack.all("Permission").map(({ given }) => [given.function, given.sourceArn]);
      expect(permissions).to.have.lengthOf(10);
      expect(permissions).to.deep.include.members([
        ["RawImageGetProcess", `${executionArn}/test/OPTIONS/raw/*`],
        ["RawImageListProcess", `${executionArn}/test/OPTIONS/raw`],
        ["RawImageGetProcess", `${executionArn}/test/OPTIONS/images/*`],
        ["UploadProcess", `${executionArn}/test/OPTIONS/uploads`],
      ]);
    });
  });

  it("authorises every method by SigV4, by a user pool, or expressly not at all", () => {
    const header = { type: "apiKey", name: "Authorization", in: "header" };
    const secured = (document: Document) =>
      Object.values(document.paths).flatMap((operations) => Object.values(operations).map(({ security }) => security));
    const [iam, cognito, open] = [
      documentOf(),
      documentOf({ type: "cognito", userPoolArn: pool }),
      documentOf({ type: "none" }),
    ];
    expect(secured(iam)).to.deep.equal(Array(7).fill([{ sigv4: [] }]));
    expect(iam.components.securitySchemes).to.deep.equal({
      sigv4: { ...header, "x-amazon-apigateway-authtype": "awsSigv4" },
    });
    expect(secured(cognito)).to.deep.equal(Array(7).fill([{ cognito: [] }]));
    expect(cognito.components.securitySchemes).to.deep.equal({
      cognito: {
        ...header,
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [pool] },
      },
    });
    expect(secured(open)).to.deep.equal(Array(7).fill([]));
    expect(open.components).not.to.have.property("securitySchemes");
    for (const document of [iam, cognito, open]) expect(document).not.to.have.property("security");
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
      listInvokeArn: lambda("RawImageListProcess").invokeArn as unknown as string,
      deleteInvokeArn: lambda("RawImageDeleteProcess").invokeArn as unknown as string,
      uploadInvokeArn: lambda("UploadProcess").invokeArn as unknown as string,
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
          },
        ],
      },
    });
  });

  it("deploys again when the document changes, and only then", async () => {
    const trigger = (of: Stack) => (of.one("Deployment").given.triggers as { body: string }).body;
    expect(trigger(await declareApi())).to.equal(trigger(stack));
    expect(trigger(await declareApi({ auth: "none" }))).not.to.equal(trigger(stack));
  });

  it("has a stage with access log, error log, tracing and throttles, and without anybody's data in logs", async () => {
    const { accessLogSettings, ...inputs } = stack.inputs("Stage") as {
      accessLogSettings: { destinationArn: string; format: Record<string, string> };
    };
    expect(inputs).to.deep.equal({
      restApi: stack.one("RestApi").id,
      deployment: stack.one("Deployment").id,
      stageName: "test",
      xrayTracingEnabled: true,
    });
    const silent = await declareApi({ tracing: false });
    expect(silent.inputs("Stage")).to.deep.include({ xrayTracingEnabled: false });
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
        metricsEnabled: false,
        throttlingRateLimit: 5,
        throttlingBurstLimit: 10,
      },
    });
  });

  it("keeps the log that API Gateway itself writes for as long as the others", () => {
    const { name, ...inputs } = stack.inputs("LogGroup", "ImageApi-execution-log") as { name: string };
    expect(name).to.equal(`API-Gateway-Execution-Logs_${stack.one("RestApi").id}/test`);
    expect(inputs).to.deep.equal({ retentionInDays: 7 });
    expect(stack.dependencies("Stage")).to.include("ImageApi-execution-log");
  });

  it("takes no upload before versioning and notification are in effect", () => {
    expect(stack.dependencies("Stage")).to.include.members(["notification", "snail-temp-images-test-versioning"]);
  });

  it("raises an alarm when more than one of a hundred requests fails", async () => {
    const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
    const alarmed = await declareApi({ alarms: { actions: [topic as never], names: [], arns: [] } });
    expect(alarmed.inputs("MetricAlarm")).to.deep.equal({
      alarmDescription:
        "ImageApi answered more than 1 % of its requests with 5xx. What to do: docs/operating.md#alarm-api-errors",
      namespace: "AWS/ApiGateway",
      metricName: "5XXError",
      dimensions: { ApiName: "ImageApi", Stage: "test" },
      statistic: "Average",
      threshold: 0.01,
      comparisonOperator: "GreaterThanThreshold",
      period: 300,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      alarmActions: [topic],
      okActions: [topic],
    });
  });

  it("may call each function by one method of this stage", () => {
    const { executionArn } = stack.one("RestApi").state as { executionArn: string };
    for (const [part, method, path, name] of [
      ["GET", "GET", "raw/*", "RawImageGetProcess"],
      ["GET-raw", "GET", "raw", "RawImageListProcess"],
      ["GET-images", "GET", "images/*", "RawImageGetProcess"],
      ["HEAD", "HEAD", "raw/*", "RawImageGetProcess"],
      ["DELETE", "DELETE", "raw/*", "RawImageDeleteProcess"],
      ["POST", "POST", "uploads", "UploadProcess"],
    ] as const) {
      expect(stack.one("Permission", `ImageApi-${part}`).given).to.deep.equal({
        action: "lambda:InvokeFunction",
        function: name,
        principal: "apigateway.amazonaws.com",
        sourceArn: `${executionArn}/test/${method}/${path}`,
      });
    }
    expect(stack.all("Permission")).to.have.lengthOf(6);
  });

  it("takes users of the user pool with auth cognito", async () => {
    const withPool = await declareApi({ auth: "cognito", cognitoUserPoolArn: pool });
    const { body } = withPool.one("RestApi").given;
    const document = JSON.parse(String(body)) as { components: { securitySchemes: Record<string, unknown> } };
    expect(JSON.stringify(document.components.securitySchemes.cognito)).to.include(pool);
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
