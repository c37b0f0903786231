import { errorMessage } from "../errorMessage";
import { AwsError, notImplemented } from "../http/awsError";
import type { SqsAdmin } from "../sqs/sqs";
import type { Announce } from "../announce";
import type { Iam } from "../iam/iam";
import type { StreamPolling } from "../dynamodb/streams";
import { patternOf } from "../events/pattern";
import type { SqsDelivery, SqsPolling } from "../sqs/serviceCalls";
import type { LambdaAdmin } from "./lambda";
import { type MappingConfig, QueuePoller } from "./queuePoller";
import { type StreamMapping, StreamPoller } from "./streamPoller";

export interface MappingDeclaration {
  uuid: string;
  eventSourceArn: string;
  /** Name or ARN. */
  functionName: string;
  batchSize?: number;
  batchingWindowSeconds?: number;
  maximumConcurrency?: number;
  functionResponseTypes?: string[];
  enabled?: boolean;
  /** Of a stream. */
  stream?: {
    startingPosition?: string;
    /** JSON, as EventBridge's patterns. */
    filters?: string[];
    bisects?: boolean;
    maximumRetryAttempts?: number;
    maximumRecordAgeSeconds?: number;
    /** ARN of a queue. */
    onFailure?: string;
  };
}

export interface EventSourceMappings {
  /** Creates or replaces a mapping. Throws AwsError for what AWS does not take. Polling begins with `start`. */
  declareMapping(declaration: MappingDeclaration): void;
  removeMapping(uuid: string): void;
  /**
   * Begins to poll for all mappings, also for those declared later.
   * @throws AwsError when a function's role may not read its queue, as AWS refuses to create such a mapping
   */
  start(): void;
  /**
   * Resolves when every mapped queue is empty (nothing visible, in flight or delayed), every mapped stream is read, and no
   * batch runs. Rejects when the mappings are closed before that.
   */
  whenIdle(): Promise<void>;
  /** Stops polling. Messages in flight become visible again at the next start. */
  close(): Promise<void>;
}

export interface EventSourceMappingsOptions {
  sqs: SqsPolling & SqsAdmin & SqsDelivery;
  /** Left out: there are no streams. */
  streams?: StreamPolling;
  lambda: LambdaAdmin;
  iam: Iam;
  announce: Announce;
  /**
   * When the messages of a failed batch become visible again. Left out, as on AWS: when their visibility times out,
   * which for a queue that leaves its function time to retry is minutes. A stream's are tried again after this.
   */
  retrySeconds?: () => number | undefined;
  /** Milliseconds since 1970. */
  now?: () => number;
}

const invalid = (message: string): AwsError => new AwsError(400, "InvalidParameterValueException", message);

type Mapping = MappingConfig | StreamMapping;
const isOfStream = (mapping: Mapping): mapping is StreamMapping => "streamArn" in mapping;

/** Event source mappings from SQS standard queues and DynamoDB streams to functions. */
export function createEventSourceMappings(options: EventSourceMappingsOptions): EventSourceMappings {
  const { sqs, streams, lambda, iam, announce, retrySeconds, now = Date.now } = options;
  const mappings = new Map<string, { config: Mapping; poller: QueuePoller | StreamPoller }>();
  const batchEnds = new Set<() => void>();
  const closings = new Set<() => void>();
  let started = false;

  const pollerOf = (mapping: Mapping): QueuePoller | StreamPoller => {
    let lastTrouble = "";
    const common = {
      lambda,
      retrySeconds,
      onTrouble(line: string) {
        if (line !== lastTrouble) announce(`Polling ${sourceOf(mapping).split(":").pop() ?? ""}: ${line}`);
        lastTrouble = line;
      },
      onBatchEnd() {
        for (const listener of [...batchEnds]) listener();
      },
    };
    if (!isOfStream(mapping)) return new QueuePoller({ ...common, mapping, sqs });
    return new StreamPoller({ ...common, mapping, sqs, streams: streamsOf(mapping.streamArn), now });
  };
  const streamsOf = (arn: string): StreamPolling => {
    if (streams?.exists(arn)) return streams;
    throw invalid(`Stream not found: ${arn}`);
  };

  const begin = ({ config, poller }: { config: Mapping; poller: QueuePoller | StreamPoller }): void => {
    if (!config.enabled) return;
    if (isOfStream(config)) checkStreamGrants(lambda, streamsOf(config.streamArn), config);
    else checkGrants(iam, lambda, sqs, config);
    poller.start();
  };

  const idle = (): boolean =>
    [...mappings.values()].every(({ config, poller }) => {
      if (poller.busy) return false;
      return !config.enabled || isOfStream(config) || sqs.isEmpty(config.queueArn);
    });

  return {
    declareMapping(declaration) {
      const isStream = declaration.eventSourceArn.split(":")[2] === "dynamodb";
      if (isStream) streamsOf(declaration.eventSourceArn);
      const config = isStream ? checkedStream(declaration, lambda) : checked(declaration, sqs, lambda);
      const other = [...mappings.values()].find(({ config: known }) => isTwin(known, config));
      if (other !== undefined) throw conflict(other.config);
      void mappings.get(config.uuid)?.poller.close();
      const entry = { config, poller: pollerOf(config) };
      mappings.set(config.uuid, entry);
      if (started) begin(entry);
    },
    removeMapping(uuid) {
      void mappings.get(uuid)?.poller.close();
      mappings.delete(uuid);
    },
    start() {
      started = true;
      for (const entry of mappings.values()) begin(entry);
    },
    whenIdle: () =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          batchEnds.delete(look);
          closings.delete(giveUp);
          for (const endListening of endings) endListening?.();
        };
        const look = (): void => {
          if (!idle()) return;
          end();
          resolve();
        };
        const giveUp = (): void => {
          end();
          reject(new Error("The event source mappings were closed before their queues were empty."));
        };
        const endings = [sqs.onChange(look), streams?.onChange(look)];
        batchEnds.add(look);
        closings.add(giveUp);
        look();
      }),
    async close() {
      for (const giveUp of [...closings]) giveUp();
      await Promise.all([...mappings.values()].map(({ poller }) => poller.close()));
    },
  };
}

const sourceOf = (mapping: Mapping): string => (isOfStream(mapping) ? mapping.streamArn : mapping.queueArn);

const isTwin = (a: Mapping, b: Mapping): boolean =>
  a.uuid !== b.uuid && sourceOf(a) === sourceOf(b) && a.functionArn === b.functionArn;

const conflict = (mapping: Mapping): AwsError => {
  const { uuid, functionArn } = mapping;
  const kind = isOfStream(mapping) ? "DynamoDB" : "SQS";
  return new AwsError(
    409,
    "ResourceConflictException",
    `An event source mapping with ${kind} arn (" ${sourceOf(mapping)} ") and function (" ${functionArn.split(":").at(-1) ?? ""} ") ` +
      `already exists. Please update or delete the existing mapping with UUID ${uuid}`,
  );
};

function checked(declaration: MappingDeclaration, sqs: SqsAdmin, lambda: LambdaAdmin): MappingConfig {
  const { uuid, eventSourceArn: queueArn, functionName, batchSize = 10, batchingWindowSeconds = 0 } = declaration;
  const { maximumConcurrency, functionResponseTypes = [], enabled = true } = declaration;
  if (queueArn.split(":")[2] !== "sqs")
    throw notImplemented(`an event source mapping for ${queueArn}; only SQS queues and DynamoDB streams`);
  const attributes = sqs.attributesOf(queueArn);
  if (attributes === undefined)
    throw invalid(
      "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. " +
        "SQS Error Message: The specified queue does not exist.",
    );
  const { arn: functionArn, timeoutSeconds } = lambda.functionConfig(functionName);
  const visibility = Number(attributes.VisibilityTimeout);
  if (visibility < timeoutSeconds) {
    throw invalid(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
  }
  checkRange("BatchSize", batchSize, 1, 10_000);
  checkRange("MaximumBatchingWindowInSeconds", batchingWindowSeconds, 0, 300);
  if (batchSize > 10 && batchingWindowSeconds < 1) {
    throw invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
  }
  if (maximumConcurrency !== undefined) checkRange("ScalingConfig.MaximumConcurrency", maximumConcurrency, 2, 1000);
  checkResponseTypes(functionResponseTypes);
  return {
    uuid,
    queueArn,
    functionArn,
    batchSize,
    batchingWindowSeconds,
    maximumConcurrency,
    enabled,
    reportsItemFailures: functionResponseTypes.length > 0,
  };
}

function checkResponseTypes(types: string[]): void {
  const unknown = types.find((type) => type !== "ReportBatchItemFailures");
  if (unknown !== undefined)
    throw invalid(`FunctionResponseTypes has ${unknown}; it may only have ReportBatchItemFailures.`);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
function checkedStream(declaration: MappingDeclaration, lambda: LambdaAdmin): StreamMapping {
  const { uuid, eventSourceArn: streamArn, functionName, batchSize = 100, batchingWindowSeconds = 0 } = declaration;
  const { functionResponseTypes = [], enabled = true, stream = {} } = declaration;
  const { startingPosition = "", filters = [], bisects = false } = stream;
  const { maximumRetryAttempts = -1, maximumRecordAgeSeconds = -1, onFailure } = stream;
  checkRange("BatchSize", batchSize, 1, 10_000);
  checkRange("MaximumBatchingWindowInSeconds", batchingWindowSeconds, 0, 300);
  checkRange("MaximumRetryAttempts", maximumRetryAttempts, -1, 10_000);
  checkRange("MaximumRecordAgeInSeconds", maximumRecordAgeSeconds, -1, 604_800);
  checkResponseTypes(functionResponseTypes);
  if (!["TRIM_HORIZON", "LATEST"].includes(startingPosition))
    throw invalid(`StartingPosition is "${startingPosition}"; of a stream it must be TRIM_HORIZON or LATEST.`);
  if (onFailure !== undefined && onFailure.split(":")[2] !== "sqs")
    throw notImplemented(`destinations of event source mappings that are not queues (${onFailure})`);
  return {
    uuid,
    streamArn,
    functionArn: lambda.functionConfig(functionName).arn,
    batchSize,
    batchingWindowSeconds,
    startsAtOldest: startingPosition === "TRIM_HORIZON",
    filters: filters.map(patternOf),
    reportsItemFailures: functionResponseTypes.length > 0,
    bisects,
    maximumRetryAttempts,
    maximumRecordAgeSeconds,
    onFailure,
    enabled,
  };
}

function checkRange(property: string, value: number, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw invalid(`${property} is ${value}; it must be a whole number from ${minimum} to ${maximum}.`);
}

/** AWS creates a mapping only when the function's role may do these three. */
function checkGrants(iam: Iam, lambda: LambdaAdmin, sqs: SqsAdmin, { functionArn, queueArn }: MappingConfig): void {
  const { principal } = lambda.functionConfig(functionArn);
  const resourcePolicy = sqs.policies().find(({ holder }) => holder === queueArn);
  for (const action of ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]) {
    try {
      iam.authorize({ principal, action: `sqs:${action}`, resource: queueArn, resourcePolicy });
    } catch (error) {
      const reason = errorMessage(error);
      throw invalid(`The provided execution role does not have permissions to call ${action} on SQS. (${reason})`);
    }
  }
}

function checkStreamGrants(
  lambda: LambdaAdmin,
  streams: StreamPolling,
  { functionArn, streamArn }: StreamMapping,
): void {
  try {
    streams.authorize(streamArn, lambda.functionConfig(functionArn).principal);
  } catch (error) {
    const reason = errorMessage(error);
    throw invalid(`Cannot access stream ${streamArn}. Please ensure the role can perform its actions. (${reason})`);
  }
}
