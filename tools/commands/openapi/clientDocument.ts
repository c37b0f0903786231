import { openApiDocument } from "../../../components/openapi";
import { commonExamples, examples } from "./examples";

/**
 * The OpenAPI document of the API for its clients: that of the program without what only API Gateway reads, with
 * examples, and with a server of which the stack's output `apiUrl` tells the values.
 */
export function clientDocument(): object {
  const { info, ...document } = withoutExtensions(
    openApiDocument({
      title: "snail-images",
      region: "",
      partition: "",
      tempImagesBucket: "",
      uploadRoleArn: "",
      getInvokeArn: "",
      listInvokeArn: "",
      deleteInvokeArn: "",
      uploadInvokeArn: "",
      auth: { type: "iam" },
      allowedOrigins: [],
    }),
  ) as Document;
  for (const path of Object.values(document.paths)) Object.values(path).forEach(illustrate);
  return {
    openapi: document.openapi,
    info,
    servers: [
      {
        url: "https://{api}.execute-api.{region}.amazonaws.com/{stage}",
        description: "The stack's output apiUrl",
        variables: {
          api: { default: "api", description: "The stack's output apiId" },
          region: { default: "eu-west-1" },
          stage: { default: "dev", description: "The stack's name" },
        },
      },
    ],
    ...document,
  };
}

interface Document extends Record<string, unknown> {
  paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  operationId: string;
  requestBody?: Body;
  responses: Record<string, Body>;
}
interface Body {
  content?: Record<string, { example?: unknown }>;
}

/** Puts examples into an operation. */
function illustrate({ operationId, requestBody, responses }: Operation): void {
  const { request, responses: own } = examples[operationId] ?? {};
  show(requestBody, request);
  for (const [status, response] of Object.entries(responses)) show(response, own?.[status] ?? commonExamples[status]);
}

function show(body: Body | undefined, example: unknown): void {
  const json = body?.content?.["application/json"];
  if (json) json.example = example;
}

function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("x-amazon-"))
      .map(([key, inner]) => [key, withoutExtensions(inner)]),
  );
}
