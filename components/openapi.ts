import { preflightOperation, readableByAll, readableByPages } from "./openapiCors";
import { schemas } from "./openapiSchemas";

/** The values of a stack that the API's document holds. */
export interface OpenApiValues {
  title: string;
  region: string;
  partition: string;
  /** Name of the bucket that `PUT` writes to, under `images/`. */
  tempImagesBucket: string;
  /** ARN of the role with which API Gateway writes there. */
  uploadRoleArn: string;
  /** Invoke ARNs of the functions behind `GET` and `DELETE`. */
  getInvokeArn: string;
  deleteInvokeArn: string;
  /** And of the one behind `POST /uploads`. */
  uploadInvokeArn: string;
  auth: ApiAuth;
  /** Whose pages may use the API. None where it is empty: then no operation is for browsers alone. */
  allowedOrigins: readonly string[];
}

export type ApiAuth = { type: "iam" } | { type: "cognito"; userPoolArn: string } | { type: "none" };

type JsonObject = Record<string, unknown>;

/**
 * The REST API as one OpenAPI 3.0 document, with the extensions that API Gateway and the local run interpret. Each
 * operation has its own `security`, because API Gateway does not use that of the root:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function openApiDocument(values: OpenApiValues): JsonObject {
  const { security, schemes } = authorization(values.auth);
  const forPages = values.allowedOrigins.length > 0;
  const preflight = (invokeArn: string, ...parameters: JsonObject[]): JsonObject =>
    forPages ? { options: preflightOperation(lambdaProxy(invokeArn), parameters) } : {};
  return {
    openapi: "3.0.1",
    info: { title: values.title, version: "1.0", license: { name: "Apache-2.0", url: LICENCE } },
    // API Gateway decodes a body that is not declared binary as text, which damages an image.
    "x-amazon-apigateway-binary-media-types": ["*/*"],
    "x-amazon-apigateway-request-validators": {
      parameters: { validateRequestParameters: true, validateRequestBody: false },
    },
    "x-amazon-apigateway-request-validator": "parameters",
    "x-amazon-apigateway-gateway-responses": forPages ? readableByAll(gatewayResponses) : gatewayResponses,
    paths: {
      "/uploads": {
        post: {
          operationId: "grantUpload",
          security,
          summary: "Grants an upload of any size that the service accepts, straight to S3",
          requestBody: { required: true, content: json({ $ref: "#/components/schemas/UploadRequest" }) },
          responses: {
            "201": {
              description: "How to send the upload",
              content: json({ $ref: "#/components/schemas/UploadGrant" }),
            },
            "400": errorResponse("The request is wrong, or such an image is not accepted"),
          },
          "x-amazon-apigateway-integration": lambdaProxy(values.uploadInvokeArn),
        },
        ...preflight(values.uploadInvokeArn),
      },
      "/raw/{object}": {
        put: { ...(forPages ? readableByPages(putImage(values)) : putImage(values)), security },
        get: {
          operationId: "getImage",
          security,
          parameters: [objectParameter],
          summary: "The image's status and renditions",
          responses: {
            "200": { description: "The image's status", content: json({ $ref: "#/components/schemas/Image" }) },
            "404": errorResponse("There is no such image"),
            "410": errorResponse("The image was deleted"),
          },
          "x-amazon-apigateway-integration": lambdaProxy(values.getInvokeArn),
        },
        delete: {
          operationId: "deleteImage",
          security,
          parameters: [objectParameter],
          summary: "Deletes the image, its renditions and its pending uploads",
          responses: {
            "202": { description: "The deletion is under way", content: json({ $ref: "#/components/schemas/Image" }) },
            "404": errorResponse("There is no such image"),
          },
          "x-amazon-apigateway-integration": lambdaProxy(values.deleteInvokeArn),
        },
        ...preflight(values.getInvokeArn, objectParameter),
      },
    },
    components: { schemas, ...(schemes && { securitySchemes: schemes }) },
  };
}

const objectParameter = {
  name: "object",
  in: "path",
  required: true,
  description: "The image's name, with the extension of an accepted format",
  schema: { type: "string" },
};

const LICENCE = "https://www.apache.org/licenses/LICENSE-2.0";

/** `PUT` goes straight to S3; no function runs before it is answered. */
function putImage({ region, partition, tempImagesBucket, uploadRoleArn }: OpenApiValues): JsonObject {
  return {
    operationId: "putImage",
    parameters: [objectParameter],
    summary: "Uploads an image of up to 10 MB. POST /uploads grants larger ones",
    requestBody: {
      required: true,
      content: { "application/octet-stream": { schema: { $ref: "#/components/schemas/Upload" } } },
    },
    responses: {
      "202": {
        description: "The image is stored and will be processed",
        headers: {
          ETag: { description: "S3's entity tag of the upload", schema: { type: "string" } },
          "x-amz-version-id": { description: "The upload's version", schema: { type: "string" } },
        },
      },
      "400": errorResponse("The name or the content cannot be stored"),
      "502": errorResponse("The storage failed"),
      "503": errorResponse("The storage is busy"),
    },
    "x-amazon-apigateway-integration": {
      type: "aws",
      httpMethod: "PUT",
      uri: `arn:${partition}:apigateway:${region}:s3:path/${tempImagesBucket}/images/{object}`,
      credentials: uploadRoleArn,
      passthroughBehavior: "when_no_match",
      requestParameters: {
        "integration.request.path.object": "method.request.path.object",
        // The client's own type is not kept: the format is read from the content.
        "integration.request.header.Content-Type": "'application/octet-stream'",
      },
      responses: {
        "200": {
          statusCode: "202",
          responseParameters: {
            "method.response.header.ETag": "integration.response.header.ETag",
            "method.response.header.x-amz-version-id": "integration.response.header.x-amz-version-id",
          },
        },
        "400": failed(
          "400",
          "BadUpload",
          "The name or the content cannot be stored. Check the name and send it again.",
        ),
        "503": failed("503", "StorageBusy", "The storage is busy. Send the image again in a moment."),
        // API Gateway identifies an integration response by the status code that it answers with, so there is one of each:
        // https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html
        default: failed("502", "StorageFailed", STORAGE_FAILED),
      },
    },
  };
}

/**
 * API Gateway decodes a name before it calls S3, and S3 then refuses the signature of one with a plus sign, each time:
 * https://github.com/aws/aws-sdk-java/issues/1902. Request validation sees only whether a parameter is there, so the
 * answer to a failed upload names this reason.
 */
const STORAGE_FAILED =
  "The storage did not take the image. It never takes a name with a plus sign (+); with any other name, send the image again.";

/** The API's own error in place of S3's, which would be XML and name the bucket. */
function failed(statusCode: string, code: string, message: string): JsonObject {
  return {
    statusCode,
    // Everything counts as binary in this API; only text goes through a template.
    contentHandling: "CONVERT_TO_TEXT",
    responseParameters: { "method.response.header.Content-Type": "'application/json'" },
    responseTemplates: { "application/json": JSON.stringify({ error: { code, message } }) },
  };
}

function lambdaProxy(invokeArn: string): JsonObject {
  return { type: "aws_proxy", httpMethod: "POST", uri: invokeArn };
}

function authorization(auth: ApiAuth): { security: JsonObject[]; schemes?: JsonObject } {
  const header = { type: "apiKey", name: "Authorization", in: "header" };
  switch (auth.type) {
    case "iam":
      return {
        security: [{ sigv4: [] }],
        schemes: { sigv4: { ...header, "x-amazon-apigateway-authtype": "awsSigv4" } },
      };
    case "cognito":
      return {
        security: [{ cognito: [] }],
        schemes: {
          cognito: {
            ...header,
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [auth.userPoolArn] },
          },
        },
      };
    case "none":
      return { security: [] };
  }
}

const json = (schema: JsonObject): JsonObject => ({ "application/json": { schema } });

const errorResponse = (description: string): JsonObject => ({
  description,
  headers: { "Content-Type": { schema: { type: "string" } } },
  content: json({ $ref: "#/components/schemas/Error" }),
});

/**
 * API Gateway's own errors in the form of all others. `message` is JSON text, or a variable that holds some. The 413 for a
 * body over 10 MB is missing: API Gateway does not let it be changed,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
const gatewayResponse = (code: string, message: string, statusCode?: string): JsonObject => ({
  ...(statusCode !== undefined && { statusCode }),
  responseTemplates: { "application/json": `{"error":{"code":"${code}","message":${message}}}` },
});
const gatewayResponses: JsonObject = {
  DEFAULT_4XX: gatewayResponse("$context.error.responseType", "$context.error.messageString"),
  DEFAULT_5XX: gatewayResponse("$context.error.responseType", "$context.error.messageString"),
  THROTTLED: gatewayResponse("Throttled", JSON.stringify("Too many requests. Try again in a moment."), "429"),
};
