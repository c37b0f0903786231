import type { Context } from "aws-lambda";
import type { InvocationJournal } from "./journal";

/** The part of API Gateway's proxy event (REST API) that is used here. */
export interface ApiEvent {
  pathParameters?: Record<string, string | undefined> | null;
  requestContext?: { requestId?: string };
}
export interface ApiResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** An answer that says what went wrong, and what to do. */
export function refusal(status: number, code: string, message: string): ApiAnswer {
  return { status, body: { error: { code, message } } };
}

/** `name` is not known, or not any more. */
export function unknownImage(object: string): ApiAnswer {
  return refusal(
    404,
    "NotFound",
    `There is no image "${object}". Upload one with PUT /raw/{object}; it takes a moment to appear.`,
  );
}

/**
 * The handler of a Lambda proxy integration under `/raw/{object}`. Whatever `work` throws is answered 500 with the
 * request's id, under which the log has the error: a thrown error would be API Gateway's 502 without a word.
 */
export function apiHandler(
  journal: InvocationJournal,
  work: (object: string) => Promise<ApiAnswer>,
): (event: ApiEvent, context: Context) => Promise<ApiResult> {
  return async (event, context) => {
    journal.begin(context);
    try {
      const object = objectOf(event);
      return result(object === undefined ? badName() : await work(object));
    } catch (error) {
      const requestId = event.requestContext?.requestId ?? context.awsRequestId;
      journal.failed("request failed", error, { requestId, object: event.pathParameters?.object });
      const message = `Something went wrong on our side. Try again; if it stays, report the request id ${requestId}.`;
      return result(refusal(500, "InternalError", message));
    } finally {
      journal.flush();
    }
  };
}

/**
 * The object's name in the path, or undefined where there cannot be such a name. A REST API passes path parameters as
 * they were sent, percent-encoded.
 */
export function objectOf(event: ApiEvent): string | undefined {
  const segment = event.pathParameters?.object ?? "";
  let object: string;
  try {
    object = decodeURIComponent(segment);
  } catch {
    return undefined;
  }
  // No key of S3 is longer, so nothing was ever uploaded under a longer name.
  return object === "" || Buffer.byteLength(object) > 1024 ? undefined : object;
}

function badName(): ApiAnswer {
  const message = "The image's name in the path is empty, too long, or not percent-encoded UTF-8. Check the URL.";
  return refusal(400, "BadObjectName", message);
}

function result({ status, body }: ApiAnswer): ApiResult {
  return {
    statusCode: status,
    // URLs in an answer expire: it is for this client and this moment.
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
    body: JSON.stringify(body),
  };
}
