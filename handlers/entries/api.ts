import type { Context } from "aws-lambda";
import type { ApiAnswer, ApiEvent, ApiResult } from "./apiEvent";
import { corsHeaders, preflight } from "./cors";
import { allowedOrigins } from "./environment";
import { unlessKnown } from "./freshness";
import type { InvocationJournal } from "./journal";

/** An error's answer. The message says what was wrong and what to do. */
export function refusal(status: number, code: string, message: string): ApiAnswer {
  return { status, body: { error: { code, message } } };
}

/** The answer for a name that has no record and no upload. */
export function unknownImage(name: string): ApiAnswer {
  return refusal(
    404,
    "NotFound",
    `There is no image "${name}". Upload one with PUT /raw/{object}; it takes a moment to appear.`,
  );
}

/**
 * The handler of a Lambda proxy integration. Pages of the origins in ALLOWED_ORIGINS may read its answers. An error of
 * `work` is answered with 500 and the request's id, by which it is found in the log. Thrown on, API Gateway would answer
 * 502 without a reason.
 */
export function apiHandler(
  journal: InvocationJournal,
  work: (event: ApiEvent) => Promise<ApiAnswer>,
): (event: ApiEvent, context: Context) => Promise<ApiResult> {
  const origins = allowedOrigins();
  const answer = (event: ApiEvent, { status, body, headers }: ApiAnswer): ApiResult => {
    const cors = corsHeaders(origins, event);
    const vary = [headers?.vary, cors.vary].filter((names) => names !== undefined).join(", ");
    return {
      statusCode: status,
      headers: {
        ...(body !== undefined && { "content-type": "application/json; charset=utf-8" }),
        "cache-control": "no-store",
        ...headers,
        ...cors,
        ...(vary !== "" && { vary }),
      },
      body: body === undefined || event.httpMethod === "HEAD" ? "" : JSON.stringify(body),
    };
  };
  return async (event, context) => {
    journal.begin(context);
    try {
      return event.httpMethod === "OPTIONS"
        ? preflight(origins, event)
        : answer(event, unlessKnown(event, await work(event)));
    } catch (error) {
      const requestId = event.requestContext?.requestId ?? context.awsRequestId;
      journal.failed("request failed", error, { requestId, object: event.pathParameters?.object });
      const message = `The service failed. Try again; if it fails again, report the request id ${requestId}.`;
      return answer(event, refusal(500, "InternalError", message));
    } finally {
      journal.flush();
    }
  };
}

/** Work on a path that ends with a name: with the name, or 400. */
export function onName(
  work: (name: string, event: ApiEvent) => Promise<ApiAnswer>,
): (event: ApiEvent) => Promise<ApiAnswer> {
  return async (event) => {
    const asked = nameIn(event);
    return "refused" in asked ? refusal(400, "BadObjectName", asked.refused) : work(asked.name, event);
  };
}

/** S3's keys are not longer, so an upload cannot have a longer name. */
const MAX_BYTES = 1024;

/**
 * The image's name in the path, or a sentence that says why the text cannot be a name. A REST API passes path parameters
 * as they were sent, percent-encoded.
 */
export function nameIn(event: ApiEvent): { name: string } | { refused: string } {
  const segment = event.pathParameters?.object ?? "";
  let name: string;
  try {
    name = decodeURIComponent(segment);
  } catch {
    return { refused: `The image's name in the path, ${segment}, is not percent-encoded UTF-8. Encode its bytes.` };
  }
  const bytes = Buffer.byteLength(name);
  return bytes >= 1 && bytes <= MAX_BYTES
    ? { name }
    : { refused: `The image's name in the path has ${bytes} bytes of UTF-8; 1 to ${MAX_BYTES} are allowed.` };
}
