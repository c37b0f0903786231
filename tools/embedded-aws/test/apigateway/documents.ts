/** Literal OpenAPI documents, as a program writes them. */

const bucketRole = "arn:aws:iam::000000000000:role/upload";

/** PUT of an object to S3 by path override, with S3's failures mapped. */
export const upload = (changes: { integration?: object; operation?: object; document?: object } = {}): object => ({
  openapi: "3.0.1",
  info: { title: "ImageApi", version: "1.0" },
  "x-amazon-apigateway-binary-media-types": ["*/*"],
  paths: {
    "/raw/{object}": {
      put: {
        parameters: [{ name: "object", in: "path", required: true, schema: { type: "string" } }],
        responses: {
          "202": { description: "stored", headers: { ETag: {}, "x-amz-version-id": {}, "X-Fixed": {} } },
          "400": { description: "bad", headers: { "Content-Type": {} } },
          "502": { description: "failed" },
        },
        "x-amazon-apigateway-integration": {
          type: "aws",
          httpMethod: "PUT",
          uri: "arn:aws:apigateway:us-east-1:s3:path/temp-bucket/images/{object}",
          credentials: bucketRole,
          requestParameters: {
            "integration.request.path.object": "method.request.path.object",
            "integration.request.header.Content-Type": "'application/octet-stream'",
          },
          responses: {
            "200": {
              statusCode: "202",
              responseParameters: {
                "method.response.header.ETag": "integration.response.header.ETag",
                "method.response.header.x-amz-version-id": "integration.response.header.x-amz-version-id",
                "method.response.header.X-Fixed": "'yes'",
              },
            },
            "4\\d{2}": {
              statusCode: "400",
              contentHandling: "CONVERT_TO_TEXT",
              responseTemplates: { "application/json": '{"error":{"id":"$context.requestId"}}' },
            },
            "5\\d{2}": { statusCode: "502" },
          },
          ...changes.integration,
        },
        ...changes.operation,
      },
    },
  },
  ...changes.document,
});

export const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:status";

/** GET of a path that a Lambda function answers. */
export const proxy = (changes: { integration?: object; operation?: object; document?: object } = {}): object => ({
  openapi: "3.0.1",
  info: { title: "ImageApi", version: "1.0" },
  "x-amazon-apigateway-binary-media-types": ["image/*"],
  paths: {
    "/raw/{object}": {
      "x-amazon-apigateway-any-method": {
        responses: {},
        "x-amazon-apigateway-integration": {
          type: "aws_proxy",
          httpMethod: "POST",
          uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
          ...changes.integration,
        },
        ...changes.operation,
      },
    },
  },
  ...changes.document,
});

const secured = (scheme: object) => ({
  operation: { security: [{ scheme: [] }] },
  document: {
    components: { securitySchemes: { scheme: { type: "apiKey", name: "Authorization", in: "header", ...scheme } } },
  },
});
export const iamSecurity = secured({ "x-amazon-apigateway-authtype": "awsSigv4" });
export const cognitoSecurity = secured({
  "x-amazon-apigateway-authtype": "cognito_user_pools",
  "x-amazon-apigateway-authorizer": {
    type: "cognito_user_pools",
    providerARNs: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc"],
  },
});
