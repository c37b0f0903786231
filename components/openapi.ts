import { preflightOperation, readableByAll, readableByPages } from "./openapiCors";
import { answers, errorResponse, json, objectParameter, retryAfter, tooLong, type JsonObject } from "./openapiParts";
import { listImages } from "./openapiList";
import { putImage } from "./openapiPut";
import { imageTypeName, schemas } from "./openapiSchemas";

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
  listInvokeArn: string;
  deleteInvokeArn: string;
  /** And of the one behind `POST /uploads`. */
  uploadInvokeArn: string;
  auth: ApiAuth;
  /** Whose pages may use the API. None where it is empty: then no operation is for browsers alone. */
  allowedOrigins: readonly string[];
}

export type ApiAuth = { type: "iam" } | { type: "cognito"; userPoolArn: string } | { type: "none" };

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
          responses: answers({
            "201": {
              description: "How to send the upload",
              content: json({ $ref: "#/components/schemas/UploadGrant" }),
            },
            "400": errorResponse("The request is wrong, or such an image is not accepted"),
            "413": tooLong,
          }),
          "x-amazon-apigateway-integration": lambdaProxy(values.uploadInvokeArn),
        },
        ...preflight(values.uploadInvokeArn),
      },
      "/images/{imageType}/{object}": {
        get: {
          operationId: "getRendition",
          security,
          parameters: [
            imageTypeParameter,
            objectParameter,
            {
              name: "Accept",
              in: "header",
              description: "Which of several formats is best: q-values, then the configured order",
              schema: { type: "string" },
            },
          ],
          summary: "Redirects to a rendition of the image that is served",
          responses: answers({
            "202": {
              description: "Its renditions are being made",
              headers: { "Retry-After": retryAfter },
              content: json({ $ref: "#/components/schemas/Waiting" }),
            },
            "302": {
              description: "Where the rendition is",
              headers: {
                Location: { description: "A URL that works for an hour at least", schema: { type: "string" } },
                Vary: {
                  description: "Accept, where an image type has several formats too",
                  schema: { type: "string" },
                },
              },
            },
            "400": errorResponse("The name cannot be one"),
            "404": errorResponse("There is no such image or rendition"),
            "410": errorResponse("The image was deleted"),
          }),
          "x-amazon-apigateway-integration": lambdaProxy(values.getInvokeArn),
        },
        ...preflight(values.getInvokeArn, imageTypeParameter, objectParameter),
      },
      "/raw": {
        get: { ...listImages, security, "x-amazon-apigateway-integration": lambdaProxy(values.listInvokeArn) },
        ...preflight(values.listInvokeArn),
      },
      "/raw/{object}": {
        put: { ...(forPages ? readableByPages(putImage(values)) : putImage(values)), security },
        get: { operationId: "getImage", security, ...getImage(values) },
        head: { operationId: "headImage", security, ...headImage(values) },
        delete: {
          operationId: "deleteImage",
          security,
          parameters: [objectParameter],
          summary: "Deletes the image, its renditions and its pending uploads",
          responses: answers({
            "202": { description: "The deletion is under way", content: json({ $ref: "#/components/schemas/Image" }) },
            "400": errorResponse("The name cannot be one"),
            "404": errorResponse("There is no such image"),
            "503": errorResponse("A part is removed: repeat the request", { "Retry-After": retryAfter }),
          }),
          "x-amazon-apigateway-integration": lambdaProxy(values.deleteInvokeArn),
        },
        ...preflight(values.getInvokeArn, objectParameter),
      },
    },
    components: { schemas, ...(schemes && { securitySchemes: schemes }) },
  };
}

const imageTypeParameter = {
  name: "imageType",
  in: "path",
  required: true,
  description: "The rendition's image type, such as small",
  schema: imageTypeName,
};

const LICENCE = "https://www.apache.org/licenses/LICENSE-2.0";

const getImage = ({ getInvokeArn }: OpenApiValues): JsonObject & { responses: Record<string, JsonObject> } => ({
  parameters: [
    objectParameter,
    {
      name: "If-None-Match",
      in: "header",
      description: "The ETag of an earlier answer: 304 while it still holds",
      schema: { type: "string" },
    },
  ],
  summary: "The image's status and renditions",
  responses: answers({
    "200": {
      description: "The image's status",
      headers: {
        ETag: { description: "Stays the same while the answer holds", schema: { type: "string" } },
        "Retry-After": retryAfter,
      },
      content: json({ $ref: "#/components/schemas/Image" }),
    },
    "304": { description: "The answer with this ETag still holds" },
    "400": errorResponse("The name cannot be one"),
    "404": errorResponse("There is no such image"),
    "410": errorResponse("The image was deleted"),
  }),
  "x-amazon-apigateway-integration": lambdaProxy(getInvokeArn),
});

/** Answers as `GET`, without the body. */
function headImage(values: OpenApiValues): JsonObject {
  const { responses, ...operation } = getImage(values);
  const withoutBodies = Object.entries(responses).map(([status, response]) => {
    return [status, Object.fromEntries(Object.entries(response).filter(([part]) => part !== "content"))];
  });
  return { ...operation, responses: Object.fromEntries(withoutBodies) };
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
