import { AwsError } from "../http/awsError";
import type { Place } from "../place";
import { listOf, type HeldPolicy, type PolicyDocument } from "../iam/policyDocument";
import { parsePolicy } from "../iam/validatePolicy";
import { parseDocument, type ApiDefinition } from "./document";
import { DocumentReader, type JsonObject } from "./documentReader";
import { parseGatewayResponse } from "./gatewayResponses";
import { MethodThrottles } from "./throttle";

interface ApiInput {
  id: string;
  name: string;
  /** OpenAPI 3.0 with API Gateway's extensions, as JSON. */
  body: string;
  binaryMediaTypes?: string[];
  policy?: PolicyDocument;
  disabled?: boolean;
}
interface StageInput {
  apiId: string;
  name: string;
  deploymentId: string;
  variables?: Record<string, string>;
  /** The group's ARN, and the line's format with `$context` variables. */
  accessLog?: { destinationArn: string; format: string };
}

/** A deployed stage, ready to serve. */
export interface Stage extends Required<Omit<StageInput, "accessLog">> {
  place: Place;
  api: ApiDefinition;
  apiName: string;
  disabled: boolean;
  policy?: HeldPolicy;
  accessLog?: StageInput["accessLog"];
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>` */
  executionArn: string;
  /** Methods whose failures go to the execution log, as `METHOD/resource` or `*` + `/*`. */
  executionLog: Set<string>;
  throttles: MethodThrottles;
}

/** The APIs, deployments and stages that the program declared. Each start declares them again. */
export interface ApiGatewayAdmin {
  putApi(input: ApiInput): void;
  /** Takes the API's present document for a deployment. */
  deploy(apiId: string, deploymentId: string): void;
  putStage(input: StageInput): void;
  putGatewayResponse(apiId: string, type: string, response: JsonObject): void;
  /** @param methodPath `*` + `/*`, or `<resource>/<METHOD>` as the provider writes it */
  putMethodSettings(apiId: string, stageName: string, methodPath: string, settings: JsonObject): void;
  /** The role with which API Gateway writes logs. */
  putAccount(cloudwatchRoleArn: string | undefined): void;
  /** The policies of all stages, each its API's. */
  policies(): HeldPolicy[];
}

interface Registry extends ApiGatewayAdmin {
  /** @throws AwsError NotFoundException */
  api(id: string): { body: string; definition: ApiDefinition };
  stage(name: string): Stage | undefined;
  stages(): Stage[];
  logRole(): string | undefined;
}

interface Api extends ApiInput {
  definition: ApiDefinition;
}

export function createRegistry(place: Place): Registry {
  const apis = new Map<string, Api>();
  const deployments = new Map<string, ApiDefinition>();
  const stages = new Map<string, Stage>();
  let logRole: string | undefined;

  const apiOf = (id: string): Api => {
    const api = apis.get(id);
    if (api === undefined) throw new AwsError(404, "NotFoundException", `Invalid API identifier specified: ${id}`);
    return api;
  };
  return {
    putApi: (input) => {
      const definition = parseDocument(input.body);
      // The property of the resource replaces what the document says.
      const binaryMediaTypes = input.binaryMediaTypes ?? definition.binaryMediaTypes;
      apis.set(input.id, { ...input, definition: { ...definition, binaryMediaTypes } });
    },
    deploy: (apiId, deploymentId) => {
      deployments.set(deploymentId, apiOf(apiId).definition);
    },
    putStage: (input) => {
      const { name, apiId, deploymentId } = input;
      const api = deployments.get(deploymentId);
      if (api === undefined)
        throw new AwsError(404, "NotFoundException", `Invalid Deployment identifier specified: ${deploymentId}`);
      const other = stages.get(name);
      if (other !== undefined && other.apiId !== apiId)
        throw new AwsError(
          409,
          "ConflictException",
          `The APIs ${other.apiName} and ${apiOf(apiId).name} both have a stage "${name}". Locally all APIs share one ` +
            "address, and only the stage's name distinguishes them: give one of the stages another name.",
        );
      const { name: apiName, disabled = false, policy = api.policy } = apiOf(apiId);
      stages.set(name, {
        variables: {},
        ...input,
        place,
        api,
        apiName,
        disabled,
        policy:
          policy && heldPolicy(policy, apiName, `arn:aws:execute-api:${place.region}:${place.accountId}:${apiId}`),
        executionArn: `arn:aws:execute-api:${place.region}:${place.accountId}:${apiId}/${name}`,
        executionLog: other?.executionLog ?? new Set(),
        throttles: other?.throttles ?? new MethodThrottles(),
      });
    },
    putGatewayResponse: (apiId, type, response) => {
      const reader = new DocumentReader(response, `the gateway response ${type}`);
      apiOf(apiId).definition.gatewayResponses.set(type, parseGatewayResponse(type, reader));
    },
    putMethodSettings: (apiId, stageName, methodPath, settings) => {
      const stage = stages.get(stageName);
      if (stage?.apiId !== apiId)
        throw new AwsError(404, "NotFoundException", `Invalid stage identifier specified: ${stageName}`);
      const level = settings.loggingLevel;
      if (level === "ERROR" || level === "INFO") stage.executionLog.add(methodPath);
      const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = settings;
      if (typeof rate === "number" && typeof burst === "number" && rate >= 0)
        stage.throttles.set(methodPath, { rate, burst });
    },
    putAccount: (cloudwatchRoleArn) => {
      logRole = cloudwatchRoleArn;
    },
    api: apiOf,
    stage: (name) => stages.get(name),
    stages: () => [...stages.values()],
    logRole: () => logRole,
    policies: () => {
      const byHolder = new Map([...stages.values()].flatMap(({ policy }) => (policy ? [[policy.holder, policy]] : [])));
      return [...byHolder.values()];
    },
  };
}

/** An API's policy, with all its resources: it may name them as `execute-api:/<stage>/<METHOD>/<path>`. */
function heldPolicy(policy: PolicyDocument, apiName: string, holder: string): HeldPolicy {
  const { Statement, ...document } = parsePolicy(policy, "resource", `policy of the API ${apiName}`);
  const full = (resource: string): string => resource.replace(/^execute-api:\//, `${holder}/`);
  const statements = listOf(Statement).map((statement) => ({
    ...statement,
    ...(statement.Resource === undefined ? {} : { Resource: listOf(statement.Resource).map(full) }),
    ...(statement.NotResource === undefined ? {} : { NotResource: listOf(statement.NotResource).map(full) }),
  }));
  return { holder, name: "API policy", document: { ...document, Statement: statements } };
}
