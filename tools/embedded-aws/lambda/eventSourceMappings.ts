import { errorMessage } from "../errorMessage";
import { AwsError, notImplemented } from "../http/awsError";
import type { SqsAdmin } from "../sqs/sqs";
import type { Announce } from "../announce";
import type { Iam } from "../iam/iam";
import type { SqsPolling } from "../sqs/serviceCalls";
import type { LambdaAdmin } from "./lambda";
import { type MappingConfig, QueuePoller } from "./queuePoller";

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
   * Resolves when every mapped queue is empty (nothing visible, in flight or delayed) and no batch runs. Rejects when
   * the mappings are closed before that.
   */
  whenIdle(): Promise<void>;
  /** Stops polling. Messages in flight become visible again at the next start. */
  close(): Promise<void>;
}

export interface EventSourceMappingsOptions {
  sqs: SqsPolling & SqsAdmin;
  lambda: LambdaAdmin;
  iam: Iam;
  announce: Announce;
  /**
   * When the messages of a failed batch become visible again. Left out, as on AWS: when their visibility times out,
   * which for a queue that leaves its function time to retry is minutes.
   */
  retrySeconds?: number;
}

const invalid = (message: string): AwsError => new AwsError(400, "InvalidParameterValueException", message);

/** Event source mappings from SQS standard queues to functions. */
export function createEventSourceMappings(options: EventSourceMappingsOptions): EventSourceMappings {
  const { sqs, lambda, iam, announce, retrySeconds } = options;
  const mappings = new Map<string, { config: MappingConfig; poller: QueuePoller }>();
  const batchEnds = new Set<() => void>();
  const closings = new Set<() => void>();
  let started = false;

  const pollerOf = (mapping: MappingConfig): QueuePoller => {
    let lastTrouble = "";
    return new QueuePoller({
      mapping,
      sqs,
      lambda,
      retrySeconds,
      onTrouble(line) {
        if (line !== lastTrouble) announce(`Polling ${mapping.queueArn.split(":").pop() ?? ""}: ${line}`);
        lastTrouble = line;
      },
      onBatchEnd() {
        for (const listener of [...batchEnds]) listener();
      },
    });
  };

  const begin = ({ config, poller }: { config: MappingConfig; poller: QueuePoller }): void => {
    if (!config.enabled) return;
    checkGrants(iam, lambda, sqs, config);
    poller.start();
  };

  const idle = (): boolean =>
    [...mappings.values()].every(({ config, poller }) => {
      if (poller.busy) return false;
      return !config.enabled || sqs.isEmpty(config.queueArn);
    });

  return {
    declareMapping(declaration) {
      const config = checked(declaration, sqs, lambda);
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
          endListening();
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
        const endListening = sqs.onChange(look);
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

const isTwin = (a: MappingConfig, b: MappingConfig): boolean =>
  a.uuid !== b.uuid && a.queueArn === b.queueArn && a.functionArn === b.functionArn;

const conflict = ({ uuid, queueArn, functionArn }: MappingConfig): AwsError =>
  new AwsError(
    409,
    "ResourceConflictException",
    `An event source mapping with SQS arn (" ${queueArn} ") and function (" ${functionArn.split(":").at(-1) ?? ""} ") ` +
      `already exists. Please update or delete the existing mapping with UUID ${uuid}`,
  );

function checked(declaration: MappingDeclaration, sqs: SqsAdmin, lambda: LambdaAdmin): MappingConfig {
  const { uuid, eventSourceArn: queueArn, functionName, batchSize = 10, batchingWindowSeconds = 0 } = declaration;
  const { maximumConcurrency, functionResponseTypes = [], enabled = true } = declaration;
  if (queueArn.split(":")[2] !== "sqs")
    throw notImplemented(`an event source mapping for ${queueArn}; only SQS queues`);
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
  const unknown = functionResponseTypes.find((type) => type !== "ReportBatchItemFailures");
  if (unknown !== undefined)
    throw invalid(`FunctionResponseTypes has ${unknown}; it may only have ReportBatchItemFailures.`);
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
