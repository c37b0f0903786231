import { openApiDocument } from "../../../components/openapi";

/**
 * The OpenAPI document of the API for its clients: that of the program without what only API Gateway reads, and with
 * a server of which the stack's output `apiUrl` tells the values.
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
      deleteInvokeArn: "",
      uploadInvokeArn: "",
      auth: { type: "iam" },
      allowedOrigins: [],
    }),
  ) as Record<string, unknown>;
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

function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("x-amazon-"))
      .map(([key, inner]) => [key, withoutExtensions(inner)]),
  );
}
