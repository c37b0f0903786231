import { notImplemented } from "../http/awsError";
import type { Declared, Inputs, ResourceType } from "../resourceType";
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
  defaults: { skipDestroy: false },
  outputs: ({ inputs, place }) => {
    const layerArn = lambdaArn(place, `layer:${inputs.layerName as string}`);
    return {
      codeSha256: codeDigest(layerArn),
      id: `${layerArn}:1`,
      arn: `${layerArn}:1`,
      createdDate,
      layerArn,
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
    "bisectBatchOnFunctionError",
    "destinationConfig",
    "enabled",
    "eventSourceArn",
    "filterCriteria",
    "functionName",
    "functionResponseTypes",
    "maximumBatchingWindowInSeconds",
    "maximumRecordAgeInSeconds",
    "maximumRetryAttempts",
    "metricsConfig",
    "scalingConfig",
    "startingPosition",
    "tags",
  ],
  replaceOn: ["eventSourceArn", "startingPosition"],
  defaults: { batchSize: 10, enabled: true, maximumBatchingWindowInSeconds: 0 },
  outputs: ({ name, inputs, place }) => {
    const uuid = stableUuid(`event source mapping ${name}`);
    return {
      id: uuid,
      arn: lambdaArn(place, `event-source-mapping:${uuid}`),
      functionArn: functionArn(place, inputs.functionName as string),
      lastModified: createdDate,
      lastProcessingResult: "",
      state: inputs.enabled === false ? "Disabled" : "Enabled",
      stateTransitionReason: "USER_INITIATED",
      uuid,
    };
  },
  apply: ({ mappings }, { name, inputs, state }) => {
    const { filters } = (inputs.filterCriteria ?? {}) as { filters?: { pattern: string }[] };
    const isStream = (inputs.eventSourceArn as string).split(":")[2] === "dynamodb";
    if (filters !== undefined && !isStream) {
      throw notImplemented(`filter criteria of event source mappings of queues (${name})`);
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
      stream: {
        startingPosition: inputs.startingPosition as string | undefined,
        filters: filters?.map(({ pattern }) => pattern),
        bisects: inputs.bisectBatchOnFunctionError as boolean | undefined,
        maximumRetryAttempts: inputs.maximumRetryAttempts as number | undefined,
        maximumRecordAgeSeconds: inputs.maximumRecordAgeInSeconds as number | undefined,
        onFailure: destinationOf(inputs),
      },
    });
  },
};

const destinationOf = ({ destinationConfig }: Inputs): string | undefined =>
  (destinationConfig as { onFailure?: { destinationArn?: string } } | undefined)?.onFailure?.destinationArn;

const permission: ResourceType<Services> = {
  properties: ["action", "function", "principal", "sourceAccount", "sourceArn", "statementId", "statementIdPrefix"],
  autoname: { property: "statementId", maxLength: 100, prefixProperty: "statementIdPrefix" },
  replaceOn: ["action", "function", "principal", "sourceAccount", "sourceArn", "statementId", "statementIdPrefix"],
  defaults: { statementIdPrefix: "" },
  outputs: ({ inputs }) => ({
    id: inputs.statementId as string,
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

/** Retries of asynchronous invocations: accepted and kept; the embedded AWS has no asynchronous invocations. */
const functionEventInvokeConfig: ResourceType<Services> = {
  properties: ["destinationConfig", "functionName", "maximumEventAgeInSeconds", "maximumRetryAttempts", "qualifier"],
  replaceOn: ["functionName", "qualifier"],
  defaults: { maximumRetryAttempts: 2 },
  outputs: ({ inputs }) => ({
    id:
      inputs.qualifier === undefined
        ? (inputs.functionName as string)
        : `${inputs.functionName as string}:${inputs.qualifier as string}`,
  }),
};

export const lambdaResourceTypes: Record<string, ResourceType<Services>> = {
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/layerVersion:LayerVersion": layerVersion,
  "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMapping,
  "aws:lambda/permission:Permission": permission,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": functionEventInvokeConfig,
};
