import { schemas } from "./openapiSchemas";

/** What the API is made of, in values of the stack. */
export interface OpenApiValues {
  title: string;
  region: string;
  partition: string;
  /** The bucket that `PUT` writes to, under `images/`. */
  tempImagesBucket: string;
  /** The role with which API Gateway writes there. */
  uploadRoleArn: string;
  getInvokeArn: string;
  deleteInvokeArn: string;
  auth: ApiAuth;
}

export type ApiAuth = { type: "iam" } | { type: "cognito"; userPoolArn: string } | { type: "none" };

type JsonObject = Record<string, unknown>;

/** The REST API as one OpenAPI 3.0 document, with the extensions that API Gateway and the local run interpret. */
export function openApiDocument(values: OpenApiValues): JsonObject {
  const { security, schemes } = authorization(values.auth);
  return {
    openapi: "3.0.1",
    info: { title: values.title, version: "1.0", license: { name: "Apache-2.0", url: LICENCE } },
    // Photos are bytes: anything that is not declared binary would be decoded as text and damaged.
    "x-amazon-apigateway-binary-media-types": ["*/*"],
    "x-amazon-apigateway-request-validators": {
      parameters: { validateRequestParameters: true, validateRequestBody: false },
    },
    "x-amazon-apigateway-request-validator": "parameters",
    "x-amazon-apigateway-gateway-responses": gatewayResponses,
    security,
    paths: {
      "/raw/{object}": {
        put: putImage(values),
        get: {
          operationId: "getImage",
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
          parameters: [objectParameter],
          summary: "Deletes the image, its renditions and its pending uploads",
          responses: {
            "202": { description: "The deletion is under way", content: json({ $ref: "#/components/schemas/Image" }) },
            "404": errorResponse("There is no such image"),
          },
          "x-amazon-apigateway-integration": lambdaProxy(values.deleteInvokeArn),
        },
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

/** `PUT` goes straight to S3, which answers before anything else of the service has run. */
function putImage({ region, partition, tempImagesBucket, uploadRoleArn }: OpenApiValues): JsonObject {
  return {
    operationId: "putImage",
    parameters: [objectParameter],
    summary: "Uploads an image of up to 10 MB",
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
        // Whatever the client calls it: what an upload is shows when it is decoded.
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
        // The service's own fault: a right or the bucket is missing.
        "40[1-9]|4[1-9][0-9]": failed("502", "StorageRefused", "The storage refused the upload. Try again later."),
        "50[0-24-9]|5[1-9][0-9]": failed("502", "StorageFailed", "The storage failed. Send the image again."),
        "503": failed("503", "StorageBusy", "The storage is busy. Send the image again in a moment."),
        default: failed("502", "StorageFailed", "The storage gave no usable answer. Send the image again."),
      },
    },
  };
}

/** An answer of ours in place of S3's, which would be XML and name the bucket. */
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

/** What API Gateway answers by itself, in the form of every other error. `message` is JSON text or a variable of it. */
const gatewayResponse = (code: string, message: string, statusCode?: string): JsonObject => ({
  ...(statusCode !== undefined && { statusCode }),
  responseTemplates: { "application/json": `{"error":{"code":"${code}","message":${message}}}` },
});
const gatewayResponses: JsonObject = {
  DEFAULT_4XX: gatewayResponse("$context.error.responseType", "$context.error.messageString"),
  DEFAULT_5XX: gatewayResponse("$context.error.responseType", "$context.error.messageString"),
  REQUEST_TOO_LARGE: gatewayResponse(
    "RequestTooLarge",
    JSON.stringify("The image has more than 10 MB. Ask POST /uploads for a URL that takes it."),
    "413",
  ),
  THROTTLED: gatewayResponse("Throttled", JSON.stringify("Too many requests. Try again in a moment."), "429"),
};
