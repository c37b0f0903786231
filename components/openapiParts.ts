export type JsonObject = Record<string, unknown>;

/**
 * Parts of several operations. A name that is asked for may be longer than an accepted one, and may end in anything: an
 * upload that was rejected for its name is found by it.
 */
export const objectParameter = {
  name: "object",
  in: "path",
  required: true,
  description: "The image's name, in 1 to 1024 bytes of UTF-8",
  schema: { type: "string", minLength: 1, maxLength: 1024 },
};

export const json = (schema: JsonObject): JsonObject => ({ "application/json": { schema } });

export const errorResponse = (description: string, headers: JsonObject = {}): JsonObject => ({
  description,
  headers: { "Content-Type": { schema: { type: "string" } }, ...headers },
  content: json({ $ref: "#/components/schemas/Error" }),
});

export const retryAfter = {
  description: "Seconds until it is worth to ask again; only while that changes something",
  schema: { type: "integer", minimum: 1 },
};

/** API Gateway's own answer to a body of more than 10 MB, which it does not let be changed. */
export const tooLong = {
  description: "The body has more than 10 MB, which is what API Gateway takes",
  content: json({ $ref: "#/components/schemas/TooLong" }),
};

/** The answers of one operation, with those that API Gateway gives to each. */
export const answers = (own: Record<string, JsonObject>): Record<string, JsonObject> => ({
  "401": errorResponse("The token of the Cognito user pool is missing, wrong or expired"),
  "403": errorResponse(
    "The request is not signed, its signature is wrong or expired, or its signer has no right to it",
  ),
  "429": errorResponse("Requests come faster than the API allows"),
  "500": errorResponse("The service failed. The message has the request's id"),
  "502": errorResponse("A function of the service failed"),
  "503": errorResponse("The service is busy"),
  "504": errorResponse("The service did not answer in time"),
  ...own,
});
