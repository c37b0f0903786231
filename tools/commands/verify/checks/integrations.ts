import { isDeepStrictEqual } from "node:util";

import { openApiDocument } from "../../../../components/openapi";
import { awsJson } from "../../support/awsJson";
import type { Check } from "../check";
import type { Target } from "../../support/target";

type JsonObject = Record<string, unknown>;

/** An integration's answer for some statuses, as GetResources tells it. */
interface IntegrationResponse {
  statusCode: string;
  /** The default has none; a client may see it as empty. */
  selectionPattern?: string | null;
  responseParameters?: JsonObject;
  responseTemplates?: JsonObject;
  contentHandling?: string | null;
}
interface Method {
  authorizationType: string;
  methodIntegration: { type: string; integrationResponses?: Record<string, IntegrationResponse> };
}

/** API Gateway took the document as it is written: who may call, and what becomes of the answers of S3. */
export const integrations: Check = {
  title: "API Gateway answers as declared",
  rights: ({ partition, region, apiId }) => [
    { actions: ["apigateway:GET"], on: [`arn:${partition}:apigateway:${region}::/restapis/${apiId}/resources`] },
  ],
  async run({ see, target }) {
    const { item } = (await awsJson(target, {
      service: "apigateway",
      method: "GET",
      path: `/restapis/${target.apiId}/resources?embed=methods&limit=500`,
      // Without it the answer is in another form, HAL.
      headers: { accept: "application/json" },
    })) as { item: { path: string; resourceMethods?: Record<string, Method> }[] };
    const seen = new Map<string, Method>();
    for (const { path, resourceMethods = {} } of item)
      for (const [name, method] of Object.entries(resourceMethods)) seen.set(`${name} ${path}`, method);

    const declared = declaredMethods(target);
    see({ asked: "the methods", expected: list(declared.keys()), seen: list(seen.keys()) });
    for (const [name, { authorizationType, responses }] of declared) {
      const method = seen.get(name);
      const given = Object.values(method?.methodIntegration.integrationResponses ?? {}).map(plain);
      see({
        asked: `who may call ${name}`,
        expected: authorizationType,
        seen: method?.authorizationType ?? "missing",
      });
      if (responses.length > 0)
        see({
          asked: `the integration responses of ${name}`,
          expected: responses.map(textOf).sort().join(", "),
          seen: given
            .map((response) => textOf(response) + differenceFrom(responses, response))
            .sort()
            .join(", "),
        });
    }
  },
};

const list = (names: Iterable<string>): string => [...names].sort().join(", ");

/** `200→202` */
const textOf = ({ statusCode, selectionPattern }: IntegrationResponse): string =>
  `${selectionPattern ?? "default"}→${statusCode}`;

/** Says where a response has the right statuses, but other headers or another body. */
function differenceFrom(declared: IntegrationResponse[], response: IntegrationResponse): string {
  const same = declared.find((one) => textOf(one) === textOf(response));
  if (same === undefined || isDeepStrictEqual(same, response)) return "";
  return ` with ${JSON.stringify(response)} in place of ${JSON.stringify(same)}`;
}

/** Without what is empty, which API Gateway leaves out or not. */
function plain(response: IntegrationResponse): IntegrationResponse {
  const { statusCode, selectionPattern, responseParameters, responseTemplates, contentHandling } = response;
  return {
    statusCode,
    ...(selectionPattern && { selectionPattern }),
    ...(responseParameters && { responseParameters }),
    ...(responseTemplates && { responseTemplates }),
    ...(contentHandling && { contentHandling }),
  };
}

interface Declared {
  authorizationType: string;
  responses: IntegrationResponse[];
}

/** The methods of this program's own document, by method and path. */
function declaredMethods({
  apiAuth,
  region,
  partition,
  tempImagesBucket,
  allowedOrigins,
}: Target): Map<string, Declared> {
  const document = openApiDocument({
    title: "",
    region,
    partition,
    tempImagesBucket,
    uploadRoleArn: "",
    getInvokeArn: "",
    listInvokeArn: "",
    deleteInvokeArn: "",
    uploadInvokeArn: "",
    allowedOrigins,
    auth: apiAuth === "cognito" ? { type: "cognito", userPoolArn: "" } : { type: apiAuth },
  }) as { paths: Record<string, Record<string, JsonObject>> };
  const declaredType = { iam: "AWS_IAM", cognito: "COGNITO_USER_POOLS", none: "NONE" }[apiAuth];
  const methods = new Map<string, Declared>();
  for (const [path, item] of Object.entries(document.paths))
    for (const [name, operation] of Object.entries(item)) {
      // A browser's preflight request has no credentials.
      const authorizationType = (operation.security as unknown[]).length === 0 ? "NONE" : declaredType;
      const { responses = {} } = operation["x-amazon-apigateway-integration"] as {
        responses?: Record<string, IntegrationResponse>;
      };
      const stated = Object.entries(responses).map(([pattern, response]) =>
        plain({ ...response, ...(pattern !== "default" && { selectionPattern: pattern }) }),
      );
      methods.set(`${name.toUpperCase()} ${path}`, { authorizationType, responses: stated });
    }
  return methods;
}
