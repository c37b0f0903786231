import { invalid, type DocumentReader } from "./documentReader";
import { parseTemplate, type Template } from "./templates";

/**
 * API Gateway's own answers, with the default status and message of each.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export const gatewayResponseTypes = {
  ACCESS_DENIED: { status: 403, message: "Forbidden", errorType: "AccessDeniedException" },
  API_CONFIGURATION_ERROR: { status: 500, message: "Internal server error", errorType: "InternalServerErrorException" },
  BAD_REQUEST_PARAMETERS: { status: 400, message: "Bad Request", errorType: "BadRequestException" },
  EXPIRED_TOKEN: { status: 403, message: "Signature expired", errorType: "InvalidSignatureException" },
  INTEGRATION_FAILURE: { status: 504, message: "Internal server error", errorType: "InternalServerErrorException" },
  INTEGRATION_TIMEOUT: {
    status: 504,
    message: "Endpoint request timed out",
    errorType: "InternalServerErrorException",
  },
  INVALID_SIGNATURE: { status: 403, message: "Forbidden", errorType: "InvalidSignatureException" },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: "Missing Authentication Token",
    errorType: "MissingAuthenticationTokenException",
  },
  REQUEST_TOO_LARGE: { status: 413, message: "Request Too Long", errorType: "RequestTooLargeException" },
  THROTTLED: { status: 429, message: "Too Many Requests", errorType: "TooManyRequestsException" },
  UNAUTHORIZED: { status: 401, message: "Unauthorized", errorType: "UnauthorizedException" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: "Unsupported Media Type", errorType: "BadRequestException" },
} as const;
type GatewayResponseType = keyof typeof gatewayResponseTypes;

/** Types that an API may customise although nothing here answers with them. */
const further = [
  "AUTHORIZER_CONFIGURATION_ERROR",
  "AUTHORIZER_FAILURE",
  "BAD_REQUEST_BODY",
  "INVALID_API_KEY",
  "QUOTA_EXCEEDED",
  "RESOURCE_NOT_FOUND",
  "WAF_FILTERED",
];

/**
 * API Gateway does not let the answer to a body that is too large be changed, by DEFAULT_4XX neither.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export const fixed: GatewayResponseType = "REQUEST_TOO_LARGE";

interface GatewayResponse {
  status?: number;
  templates: Map<string, Template>;
  headers: [string, string][];
}
/** By type, `DEFAULT_4XX` and `DEFAULT_5XX` included. */
export type GatewayResponses = Map<string, GatewayResponse>;

export function parseGatewayResponses(reader: DocumentReader): GatewayResponses {
  return new Map(reader.children().map(([type, response]) => [type, parseGatewayResponse(type, response)]));
}

export function parseGatewayResponse(type: string, reader: DocumentReader): GatewayResponse {
  if (type === fixed) throw invalid(reader.where, type, "left out: API Gateway does not let it be changed");
  const types = [...Object.keys(gatewayResponseTypes), ...further, "DEFAULT_4XX", "DEFAULT_5XX"];
  if (!types.includes(type)) throw invalid(reader.where, type, `one of ${types.join(", ")}`);
  reader.allow(["statusCode", "responseTemplates", "responseParameters"]);
  const status = reader.value.statusCode;
  const templates = reader
    .textMap("responseTemplates")
    .map(([media, text]): [string, Template] => [media, parseTemplate(text, `${reader.where}.responseTemplates`)]);
  const headers = reader.textMap("responseParameters").map(([target, source]): [string, string] => {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const literal = /^'(.*)'$/.exec(source)?.[1];
    if (name === undefined || literal === undefined)
      throw invalid(
        `${reader.where}.responseParameters.${target}`,
        source,
        "gatewayresponse.header.<name>: '<literal>'",
      );
    return [name, literal];
  });
  return { ...(status === undefined ? {} : { status: Number(status) }), templates: new Map(templates), headers };
}

/** An answer of API Gateway's own, thrown to where it is written. */
export class GatewayError extends Error {
  readonly status: number;
  constructor(
    readonly type: GatewayResponseType,
    message: string = gatewayResponseTypes[type].message,
    /** The reason in the execution log. */
    readonly reason = message,
    status?: number,
  ) {
    super(message);
    this.status = status ?? gatewayResponseTypes[type].status;
  }
}
