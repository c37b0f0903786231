import { createHash } from "node:crypto";
import { notImplemented } from "../http/awsError";
import type { Declared, ResourceType } from "../resourceType";
import type { Place } from "../types";
import type { EventSourceMappings } from "./eventSourceMappings";
import type { LambdaAdmin } from "./lambda";

interface Services {
  lambda: LambdaAdmin;
  mappings: EventSourceMappings;
}

/** No clock is read, so that the same program always has the same state. */
const createdDate = "2020-01-01T00:00:00.000+0000";

const arnOf = ({ partition, region, accountId }: Place, rest: string): string =>
  `arn:${partition}:lambda:${region}:${accountId}:${rest}`;

/** The URI by which API Gateway calls a function. */
const invokeArn = (
  { partition, region }: Place,
  arn: string,
  [version, action] = ["2015-03-31", "invocations"],
): string => `arn:${partition}:apigateway:${region}:lambda:path/${version}/functions/${arn}/${action}`;

const responseStreaming: [string, string] = ["2021-11-15", "response-streaming-invocations"];

/** A function may be named by its name or its ARN. */
const functionArn = (place: Place, nameOrArn: string): string =>
  nameOrArn.startsWith("arn:") ? nameOrArn : arnOf(place, `function:${nameOrArn}`);

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const lambdaFunction: ResourceType<Services> = {
  properties: [
    "architectures",
    "code",
    "codeSha256",
    "deadLetterConfig",
    "description",
    "environment",
    "ephemeralStorage",
    "handler",
    "kmsKeyArn",
    "layers",
    "loggingConfig",
    "memorySize",
    "name",
    "packageType",
    "publish",
    "replaceSecurityGroupsOnDestroy",
    "replacementSecurityGroupIds",
    "reservedConcurrentExecutions",
    "role",
    "runtime",
    "skipDestroy",
    "sourceCodeHash",
    "tags",
    "tagsAll",
    "timeout",
    "tracingConfig",
    "vpcConfig",
  ],
  autoname: { property: "name", maxLength: 64 },
  replaceOn: ["name", "packageType"],
  outputs: ({ inputs, place }) => {
    const name = inputs.name as string;
    const arn = arnOf(place, `function:${name}`);
    const version = inputs.publish === true ? "1" : "$LATEST";
    return {
      architectures: ["x86_64"],
      // The real one is the digest of the packed code, which nothing here packs.
      codeSha256: digest(arn).toString("base64"),
      ephemeralStorage: { size: 512 },
      loggingConfig: { logFormat: "Text", logGroup: `/aws/lambda/${name}` },
      memorySize: 128,
      packageType: "Zip",
      publish: false,
      reservedConcurrentExecutions: -1,
      skipDestroy: false,
      tagsAll: inputs.tags ?? {},
      timeout: 3,
      tracingConfig: { mode: "PassThrough" },
      ...inputs,
      id: name,
      arn,
      invokeArn: invokeArn(place, arn),
      lastModified: createdDate,
      qualifiedArn: `${arn}:${version}`,
      qualifiedInvokeArn: invokeArn(place, `${arn}:${version}`),
      region: place.region,
      responseStreamingInvokeArn: invokeArn(place, arn, responseStreaming),
      signingJobArn: "",
      signingProfileVersionArn: "",
      sourceCodeSize: 0,
      version,
    };
  },
  apply: ({ lambda }, { inputs }) => {
    if (inputs.packageType === "Image") throw notImplemented(`container images (function ${String(inputs.name)})`);
    const logging = (inputs.loggingConfig ?? {}) as Record<string, string | undefined>;
    return lambda.declareFunction({
      name: inputs.name as string,
      code: inputs.code,
      handler: inputs.handler as string,
      runtime: inputs.runtime as string,
      role: inputs.role as string,
      timeoutSeconds: inputs.timeout as number | undefined,
      memoryMb: inputs.memorySize as number | undefined,
      environment: (inputs.environment as { variables?: Record<string, string> } | undefined)?.variables,
      layers: inputs.layers as string[] | undefined,
      tracing: (inputs.tracingConfig as { mode?: string } | undefined)?.mode === "Active",
      logGroup: logging.logGroup,
      logFormat: logging.logFormat === "JSON" ? "JSON" : "Text",
      applicationLogLevel: logging.applicationLogLevel,
      reservedConcurrency: inputs.reservedConcurrentExecutions as number | undefined,
      description: inputs.description as string | undefined,
    });
  },
};

const layerVersion: ResourceType<Services> = {
  properties: [
    "code",
    "compatibleArchitectures",
    "compatibleRuntimes",
    "description",
    "layerName",
    "licenseInfo",
    "skipDestroy",
    "sourceCodeHash",
  ],
  // The SDK requires a name, so that nothing is ever filled in.
  replaceOn: [
    "code",
    "compatibleArchitectures",
    "compatibleRuntimes",
    "description",
    "layerName",
    "licenseInfo",
    "sourceCodeHash",
  ],
  outputs: ({ inputs, place }) => {
    const layerArn = arnOf(place, `layer:${inputs.layerName as string}`);
    return {
      codeSha256: digest(layerArn).toString("base64"),
      skipDestroy: false,
      ...inputs,
      id: `${layerArn}:1`,
      arn: `${layerArn}:1`,
      createdDate,
      layerArn,
      region: place.region,
      signingJobArn: "",
      signingProfileVersionArn: "",
      sourceCodeSize: 0,
      version: "1",
    };
  },
  apply: ({ lambda }, { inputs, state }) => lambda.declareLayer({ arn: state.arn as string, code: inputs.code }),
};

const eventSourceMapping: ResourceType<Services> = {
  properties: [
    "batchSize",
    "enabled",
    "eventSourceArn",
    "filterCriteria",
    "functionName",
    "functionResponseTypes",
    "maximumBatchingWindowInSeconds",
    "metricsConfig",
    "scalingConfig",
    "tags",
    "tagsAll",
  ],
  replaceOn: ["eventSourceArn"],
  outputs: ({ name, inputs, place }) => {
    const uuid = uuidOf(name);
    return {
      batchSize: 10,
      enabled: true,
      maximumBatchingWindowInSeconds: 0,
      tagsAll: inputs.tags ?? {},
      ...inputs,
      id: uuid,
      arn: arnOf(place, `event-source-mapping:${uuid}`),
      functionArn: functionArn(place, inputs.functionName as string),
      lastModified: createdDate,
      lastProcessingResult: "",
      region: place.region,
      state: inputs.enabled === false ? "Disabled" : "Enabled",
      stateTransitionReason: "USER_INITIATED",
      uuid,
    };
  },
  apply: ({ mappings }, { name, inputs, state }) => {
    if (inputs.filterCriteria !== undefined) {
      throw notImplemented(`filter criteria of event source mappings (${name})`);
    }
    mappings.declareMapping({
      uuid: state.uuid as string,
      eventSourceArn: inputs.eventSourceArn as string,
      functionName: inputs.functionName as string,
      batchSize: inputs.batchSize as number | undefined,
      batchingWindowSeconds: inputs.maximumBatchingWindowInSeconds as number | undefined,
      maximumConcurrency: (inputs.scalingConfig as { maximumConcurrency?: number } | undefined)?.maximumConcurrency,
      functionResponseTypes: inputs.functionResponseTypes as string[] | undefined,
      enabled: inputs.enabled as boolean | undefined,
    });
  },
};

/** A UUID that is always the same for the same mapping. */
function uuidOf(name: string): string {
  const digits = digest(`event source mapping ${name}`).toString("hex");
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join("-");
}

const permission: ResourceType<Services> = {
  properties: ["action", "function", "principal", "sourceAccount", "sourceArn", "statementId", "statementIdPrefix"],
  autoname: { property: "statementId", maxLength: 100, prefixProperty: "statementIdPrefix" },
  replaceOn: ["action", "function", "principal", "sourceAccount", "sourceArn", "statementId", "statementIdPrefix"],
  outputs: ({ inputs, place }) => ({
    statementIdPrefix: "",
    ...inputs,
    id: inputs.statementId as string,
    region: place.region,
  }),
  apply: ({ lambda }, { inputs }: Declared) => {
    lambda.declarePermission({
      statementId: inputs.statementId as string,
      functionName: inputs.function as string,
      action: inputs.action as string,
      principal: inputs.principal as string,
      sourceArn: inputs.sourceArn as string | undefined,
      sourceAccount: inputs.sourceAccount as string | undefined,
    });
  },
};

/** How asynchronous invocations are retried: kept, because there are none here. */
const functionEventInvokeConfig: ResourceType<Services> = {
  properties: ["destinationConfig", "functionName", "maximumEventAgeInSeconds", "maximumRetryAttempts", "qualifier"],
  replaceOn: ["functionName", "qualifier"],
  outputs: ({ inputs, place }) => ({
    maximumRetryAttempts: 2,
    ...inputs,
    id:
      inputs.qualifier === undefined
        ? (inputs.functionName as string)
        : `${inputs.functionName as string}:${inputs.qualifier as string}`,
    region: place.region,
  }),
};

export const lambdaResourceTypes: Record<string, ResourceType<Services>> = {
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/layerVersion:LayerVersion": layerVersion,
  "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMapping,
  "aws:lambda/permission:Permission": permission,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": functionEventInvokeConfig,
};
