import { answers, errorResponse, tooLong, type JsonObject } from "./openapiParts";
import { imageName } from "./openapiSchemas";

/** The values of a stack that the operation holds. */
interface PutValues {
  region: string;
  partition: string;
  tempImagesBucket: string;
  uploadRoleArn: string;
}

/** `PUT` goes straight to S3; no function runs before it is answered. */
export function putImage({ region, partition, tempImagesBucket, uploadRoleArn }: PutValues): JsonObject {
  return {
    operationId: "putImage",
    parameters: [newObjectParameter],
    summary: "Uploads an image of up to 10 MB. POST /uploads grants larger ones",
    requestBody: {
      required: true,
      content: { "application/octet-stream": { schema: { $ref: "#/components/schemas/Upload" } } },
    },
    responses: answers({
      "202": {
        description: "The image is stored and will be processed",
        headers: {
          ETag: { description: "S3's entity tag of the upload", schema: { type: "string" } },
          "x-amz-version-id": { description: "The upload's version", schema: { type: "string" } },
        },
      },
      "400": errorResponse("The name or the content cannot be stored"),
      "413": tooLong,
      "502": errorResponse("The storage failed, or the name has a plus sign"),
      "503": errorResponse("The storage is busy"),
    }),
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

const newObjectParameter = {
  name: "object",
  in: "path",
  required: true,
  description: `${imageName.description}. Without a plus sign (+), which this way cannot take`,
  schema: { ...imageName, pattern: imageName.pattern.replace("/", "/+") },
};

/**
 * API Gateway decodes a name before it calls S3, and S3 then refuses the signature of one with a plus sign, each time:
 * https://github.com/aws/aws-sdk-java/issues/1902. Request validation sees only whether a parameter is there, so the
 * answer to a failed upload names this reason.
 */
const STORAGE_FAILED =
  "The storage did not take the image. It takes a name with a plus sign (+) by POST /uploads alone; with any other name, send the image again.";

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
