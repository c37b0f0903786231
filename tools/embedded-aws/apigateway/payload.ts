import { GatewayError } from "./gatewayResponses";

export type ContentHandling = "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";

/** API Gateway takes a body without a Content-Type for JSON. */
const defaultContentType = "application/json";

/** Whether a content type is one of an API's `binaryMediaTypes`: exact, `image/*` or `*` + `/*`. Parameters do not count. */
export function isBinary(binaryMediaTypes: string[], contentType: string | undefined): boolean {
  const type = mediaType(contentType ?? defaultContentType);
  const group = type.slice(0, type.indexOf("/"));
  return binaryMediaTypes.some((pattern) => ["*/*", `${group}/*`, type].includes(mediaType(pattern)));
}

/** A content type without its parameters; of an Accept header, which decides about answers, the first entry. */
export const mediaType = (header: string): string => (header.split(/[;,]/)[0] ?? "").trim().toLowerCase();

/**
 * Converts a body as API Gateway does. A body that is not declared binary is decoded as UTF-8 text and
 * encoded again: every byte that is not UTF-8 is lost, which is how a photo is damaged by an API without
 * `binaryMediaTypes`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
export function convertBody(body: Buffer, binary: boolean, handling: ContentHandling | undefined): Buffer {
  if (binary) return handling === "CONVERT_TO_TEXT" ? Buffer.from(body.toString("base64")) : body;
  const text = body.toString("utf8");
  if (handling !== "CONVERT_TO_BINARY") return Buffer.from(text, "utf8");
  const decoded = Buffer.from(text, "base64");
  if (decoded.toString("base64") !== text.trim())
    throw new GatewayError("API_CONFIGURATION_ERROR", undefined, "Unable to base64 decode the body");
  return decoded;
}
