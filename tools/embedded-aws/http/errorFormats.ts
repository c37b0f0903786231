import type { AwsResponse } from "./wireService";
import type { AwsError } from "./awsError";
import { hostIdOf } from "./hostId";
import { escapeXml } from "./escapeXml";

/** The shapes in which AWS services put errors on the wire. */
type ErrorFormat = "rest-xml" | "query" | "json" | "rest-json";

const formats: Record<string, ErrorFormat> = {
  s3: "rest-xml",
  sts: "query",
  iam: "query",
  sns: "query",
  ec2: "query",
  cloudfront: "query",
  "execute-api": "rest-json",
  lambda: "rest-json",
  apigateway: "rest-json",
};

/** Namespace of a JSON service's own errors. */
const namespaces: Record<string, string> = {
  sqs: "com.amazonaws.sqs",
  dynamodb: "com.amazonaws.dynamodb.v20120810",
};

/** Errors that every JSON service shares have other names there than in the XML protocols, and are all 400. */
const commonJsonCodes: Record<string, string> = {
  AccessDenied: "AccessDeniedException",
  SignatureDoesNotMatch: "InvalidSignatureException",
  InvalidClientTokenId: "UnrecognizedClientException",
  MissingAuthenticationToken: "MissingAuthenticationTokenException",
  IncompleteSignature: "IncompleteSignatureException",
  ExpiredToken: "ExpiredTokenException",
  Throttling: "ThrottlingException",
};

function errorFormatOf(service: string): ErrorFormat {
  return formats[service] ?? "json";
}

/** The answer that carries an error, in the format of the service that was addressed. */
export function errorResponse(service: string, error: AwsError, requestId: string): AwsResponse {
  switch (errorFormatOf(service)) {
    case "rest-xml":
      return restXmlError(error, requestId);
    case "query":
      return queryError(service, error, requestId);
    case "json":
      return jsonError(service, error, requestId);
    case "rest-json":
      return restJsonError(error, requestId);
  }
}

const element = (name: string, text: string): string => `<${name}>${escapeXml(text)}</${name}>`;

function restXmlError(error: AwsError, requestId: string): AwsResponse {
  const details = Object.entries(error.details).map(([name, text]) => element(name, text));
  const body = [
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error>',
    element("Code", error.code),
    element("Message", error.message),
    ...details,
    element("RequestId", requestId),
    element("HostId", hostIdOf(requestId)),
    "</Error>",
  ].join("");
  return { status: error.status, headers: { "content-type": "application/xml", "x-amz-request-id": requestId }, body };
}

const xmlNamespaces: Record<string, string> = {
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
  iam: "https://iam.amazonaws.com/doc/2010-05-08/",
  cloudfront: "http://cloudfront.amazonaws.com/doc/2020-05-31/",
};

export function queryError(service: string, error: AwsError, requestId: string): AwsResponse {
  const namespace = xmlNamespaces[service];
  const body = [
    namespace === undefined ? "<ErrorResponse>" : `<ErrorResponse xmlns="${namespace}">`,
    "<Error>",
    element("Type", error.status < 500 ? "Sender" : "Receiver"),
    element("Code", error.code),
    element("Message", error.message),
    "</Error>",
    element("RequestId", requestId),
    "</ErrorResponse>",
  ].join("");
  return { status: error.status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
}

function jsonError(service: string, error: AwsError, requestId: string): AwsResponse {
  const common = commonJsonCodes[error.code];
  const code = common ?? error.code;
  const namespace = common === undefined ? namespaces[service] : "com.amazon.coral.service";
  const type = namespace === undefined ? code : `${namespace}#${code}`;
  return {
    status: common === undefined ? error.status : 400,
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-errortype": code,
      "x-amzn-requestid": requestId,
    },
    body: JSON.stringify({ __type: type, message: error.message, ...error.details }),
  };
}

function restJsonError(error: AwsError, requestId: string): AwsResponse {
  return {
    status: error.status,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": commonJsonCodes[error.code] ?? error.code,
      "x-amzn-requestid": requestId,
    },
    body: JSON.stringify({ message: error.message }),
  };
}
