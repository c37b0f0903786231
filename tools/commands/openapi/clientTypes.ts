import { clientDocument } from "./clientDocument";

/** The types of the API's requests and answers, for client/schema.ts. */
export async function clientTypes(): Promise<string> {
  const { default: openapiTypes, astToString } = await import("openapi-typescript");
  // A property with a default may be left out of a request.
  const types = await openapiTypes(JSON.stringify(clientDocument()), { defaultNonNullable: false });
  return `// Written by \`npx snail openapi\`.\n${astToString(types)}`;
}
