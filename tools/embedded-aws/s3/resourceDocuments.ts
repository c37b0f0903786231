import { document, element, type Markup } from "./markup";

/** Names that are not the property's name with a capital, and lists, whose elements are named in the singular. */
const elementNames: Record<string, string> = {
  rules: "Rule",
  transitions: "Transition",
  noncurrentVersionTransitions: "NoncurrentVersionTransition",
  corsRules: "CORSRule",
  allowedHeaders: "AllowedHeader",
  allowedMethods: "AllowedMethod",
  allowedOrigins: "AllowedOrigin",
  exposeHeaders: "ExposeHeader",
  id: "ID",
  sseAlgorithm: "SSEAlgorithm",
  kmsMasterKeyId: "KMSMasterKeyID",
};

const elementName = (property: string): string =>
  elementNames[property] ?? property.charAt(0).toUpperCase() + property.slice(1);

function convert(property: string, value: unknown): Markup[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => convert(property, item));
  if (property === "tags") {
    return Object.entries(value as Record<string, string>).map(([key, text]) =>
      element("Tag", element("Key", key), element("Value", text)),
    );
  }
  if (typeof value === "object") {
    const children = Object.entries(value).flatMap(([name, child]) => convert(name, child));
    return [element(elementName(property), ...children)];
  }
  return [element(elementName(property), value as string | number | boolean)];
}

/** Properties of a declared resource as the document that S3's API takes for the same thing. */
export const documentOf = (root: string, properties: Record<string, unknown>): string =>
  document(root, ...Object.entries(properties).flatMap(([name, value]) => convert(name, value)));
