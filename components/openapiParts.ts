export type JsonObject = Record<string, unknown>;

/** Parts of several operations. */
export const objectParameter = {
  name: "object",
  in: "path",
  required: true,
  description: "The image's name, with the extension of an accepted format",
  schema: { type: "string" },
};

export const json = (schema: JsonObject): JsonObject => ({ "application/json": { schema } });

export const errorResponse = (description: string): JsonObject => ({
  description,
  headers: { "Content-Type": { schema: { type: "string" } } },
  content: json({ $ref: "#/components/schemas/Error" }),
});
