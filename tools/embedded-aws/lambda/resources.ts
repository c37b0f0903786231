import { notImplemented } from "../http/awsError";
import type { Declared, ResourceType } from "../resourceType";
import { lambdaFunction } from "./functionResource";
import type { EventSourceMappings } from "./eventSourceMappings";
import type { LambdaAdmin } from "./lambda";
import { codeDigest, createdDate, functionArn, lambdaArn } from "./arns";
import { stableUuid } from "../stableUuid";

interface Services {
  lambda: LambdaAdmin;
  mappings: EventSourceMappings;
}

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
    const layerArn = lambdaArn(place, `layer:${inputs.layerName as string}`);
    return {
      codeSha256: codeDigest(layerArn),
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
    const uuid = stableUuid(`event source mapping ${name}`);
    return {
      batchSize: 10,
      enabled: true,
      maximumBatchingWindowInSeconds: 0,
      tagsAll: inputs.tags ?? {},
      ...inputs,
      id: uuid,
      arn: lambdaArn(place, `event-source-mapping:${uuid}`),
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
