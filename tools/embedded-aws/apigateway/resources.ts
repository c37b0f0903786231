import type { Inputs, ResourceType } from "../resourceType";
import type { Place } from "../place";
import type { PolicyDocument } from "../iam/policyDocument";
import type { JsonObject } from "./documentReader";
import { AwsError } from "../http/awsError";
import type { ApiGatewayAdmin } from "./registry";
import { stableId } from "./stableId";

type ApiGatewayResource = ResourceType<{ apigateway: ApiGatewayAdmin }>;

const text = (inputs: Inputs, name: string): string => inputs[name] as string;
const executionArn = (place: Place, apiId: string): string =>
  `arn:aws:execute-api:${place.region}:${place.accountId}:${apiId}`;
const apiArn = (place: Place, path: string): string => `arn:aws:apigateway:${place.region}::${path}`;
/** Base URL of a stage: on AWS the API's own host, locally one address for all APIs. */
const invokeUrl = (place: Place, apiId: string, stage: string): string =>
  `${place.apiUrl.replace("{apiId}", apiId)}/${stage}`;

const restApi: ApiGatewayResource = {
  properties: [
    "binaryMediaTypes",
    "body",
    "description",
    "disableExecuteApiEndpoint",
    "endpointConfiguration",
    "failOnWarnings",
    "minimumCompressionSize",
    "name",
    "policy",
    "putRestApiMode",
    "tags",
  ],
  autoname: { property: "name", maxLength: 255 },
  replaceOn: [],
  defaults: {
    disableExecuteApiEndpoint: false,
    endpointConfiguration: { types: "EDGE", ipAddressType: "ipv4" },
  },
  outputs: ({ inputs, place }) => {
    const id = stableId(text(inputs, "name"));
    return {
      id,
      arn: apiArn(place, `/restapis/${id}`),
      executionArn: executionArn(place, id),
      rootResourceId: stableId(`${id}/`),
      createdDate: "2020-01-01T00:00:00Z",
      apiKeySource: "HEADER",
    };
  },
  apply: ({ apigateway }, { id, name, inputs }) => {
    const body = inputs.body;
    if (typeof body !== "string")
      throw new AwsError(
        501,
        "NotImplemented",
        `The REST API ${name} has no body: the embedded AWS needs OpenAPI 3.0.`,
      );
    const policy = inputs.policy;
    apigateway.putApi({
      id,
      name: text(inputs, "name"),
      body,
      ...(inputs.binaryMediaTypes === undefined ? {} : { binaryMediaTypes: inputs.binaryMediaTypes as string[] }),
      ...(typeof policy === "string" ? { policy: JSON.parse(policy) as PolicyDocument } : {}),
      disabled: inputs.disableExecuteApiEndpoint === true,
    });
  },
};

const deployment: ApiGatewayResource = {
  properties: ["description", "restApi", "triggers", "variables"],
  replaceOn: ["restApi", "triggers", "variables"],
  outputs: ({ name, inputs }) => ({
    id: stableId(`${name} ${text(inputs, "restApi")} ${JSON.stringify(inputs.triggers ?? {})}`).slice(0, 6),
    createdDate: "2020-01-01T00:00:00Z",
  }),
  apply: ({ apigateway }, { id, inputs }) => apigateway.deploy(text(inputs, "restApi"), id),
};

const stage: ApiGatewayResource = {
  properties: [
    "accessLogSettings",
    "cacheClusterEnabled",
    "deployment",
    "description",
    "restApi",
    "stageName",
    "tags",
    "variables",
    "xrayTracingEnabled",
  ],
  replaceOn: ["restApi", "stageName"],
  outputs: ({ inputs, place }) => {
    const [api, name] = [text(inputs, "restApi"), text(inputs, "stageName")];
    return {
      id: `ags-${api}-${name}`,
      arn: apiArn(place, `/restapis/${api}/stages/${name}`),
      executionArn: `${executionArn(place, api)}/${name}`,
      invokeUrl: invokeUrl(place, api, name),
      webAclArn: "",
    };
  },
  apply: ({ apigateway }, { inputs }) =>
    apigateway.putStage({
      apiId: text(inputs, "restApi"),
      name: text(inputs, "stageName"),
      deploymentId: text(inputs, "deployment"),
      variables: (inputs.variables as Record<string, string> | undefined) ?? {},
      ...(inputs.accessLogSettings === undefined
        ? {}
        : { accessLog: inputs.accessLogSettings as { destinationArn: string; format: string } }),
    }),
};

const methodSettings: ApiGatewayResource = {
  properties: ["methodPath", "restApi", "settings", "stageName"],
  replaceOn: ["methodPath", "restApi", "stageName"],
  outputs: ({ inputs }) => ({
    id: `${text(inputs, "restApi")}-${text(inputs, "stageName")}-${text(inputs, "methodPath")}`,
  }),
  apply: ({ apigateway }, { inputs }) =>
    apigateway.putMethodSettings(
      text(inputs, "restApi"),
      text(inputs, "stageName"),
      text(inputs, "methodPath"),
      inputs.settings as JsonObject,
    ),
};

const account: ApiGatewayResource = {
  properties: ["cloudwatchRoleArn"],
  replaceOn: [],
  outputs: () => ({
    id: "api-gateway-account",
    apiKeyVersion: "4",
    features: ["UsagePlans"],
    throttleSettings: [{ burstLimit: 5000, rateLimit: 10000 }],
  }),
  apply: ({ apigateway }, { inputs }) => apigateway.putAccount(inputs.cloudwatchRoleArn as string | undefined),
};

const response: ApiGatewayResource = {
  properties: ["responseParameters", "responseTemplates", "responseType", "restApiId", "statusCode"],
  replaceOn: ["responseType", "restApiId"],
  outputs: ({ inputs }) => ({ id: `aggr-${text(inputs, "restApiId")}-${text(inputs, "responseType")}` }),
  apply: ({ apigateway }, { inputs }) => {
    const { responseParameters, responseTemplates, statusCode } = inputs;
    const settings = { responseParameters, responseTemplates, statusCode };
    apigateway.putGatewayResponse(text(inputs, "restApiId"), text(inputs, "responseType"), settings);
  },
};

/** API keys do not authenticate and are not checked; the limits of a plan are kept. */
const usagePlan: ApiGatewayResource = {
  properties: ["apiStages", "description", "name", "quotaSettings", "tags", "throttleSettings"],
  autoname: { property: "name", maxLength: 255 },
  replaceOn: [],
  outputs: ({ inputs, place }) => {
    const id = stableId(`usage plan ${text(inputs, "name")}`).slice(0, 6);
    return { id, arn: apiArn(place, `/usageplans/${id}`) };
  },
};

export const apigatewayResourceTypes: Record<string, ApiGatewayResource> = {
  "aws:apigateway/restApi:RestApi": restApi,
  "aws:apigateway/deployment:Deployment": deployment,
  "aws:apigateway/stage:Stage": stage,
  "aws:apigateway/methodSettings:MethodSettings": methodSettings,
  "aws:apigateway/account:Account": account,
  "aws:apigateway/response:Response": response,
  "aws:apigateway/usagePlan:UsagePlan": usagePlan,
};
