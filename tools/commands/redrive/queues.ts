import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

import { createImageMetadata } from "../../../handlers/aws/imageMetadata";
import type { ImageMetadata } from "../../../handlers/ports";
import { environmentKeys } from "../support/environmentKeys";
import { localEndpoints } from "../support/localEndpoints";
import type { Endpoints } from "../support/localService";
import { stackOutputs } from "../support/stackOutputs";
import type { QueuePair } from "./deadLetters";

export interface StackQueues {
  sqs: SQSClient;
  queues: QueuePair[];
  /** Made for those who give images up. */
  records: () => ImageMetadata;
  /** Advice for a service that does not answer. */
  startHint?: string;
}

/** The queues of a service that runs on this machine. */
export function localQueues(data: string): StackQueues {
  const { aws, region, accessKeyId, secretAccessKey, resources, outputs } = localEndpoints(data);
  const client = { endpoint: aws, region, credentials: { accessKeyId, secretAccessKey } };
  return {
    sqs: new SQSClient(client),
    queues: queuePairs(resources),
    records: () => recordsOf(client, outputs.imageMetadataTable),
    startHint: `nothing answers at ${aws}: the service of ${data} must run, start it with \`npm start\``,
  };
}

const recordsOf = (client: ConstructorParameters<typeof DynamoDBClient>[0], table: unknown): ImageMetadata =>
  createImageMetadata(DynamoDBDocumentClient.from(new DynamoDBClient(client ?? {})), String(table));

/** The queues of a local run that have a dead-letter queue, by the logical names of what it declared. */
export function queuePairs(resources: Endpoints["resources"]): QueuePair[] {
  return Object.entries(resources).flatMap(([name, { type, id }]) => {
    const deadLetters = resources[`${name}-dead-letters`];
    return type === "aws:sqs/queue:Queue" && deadLetters ? [{ name, url: id, deadLetterUrl: deadLetters.id }] : [];
  });
}

/** The queues of a stack's outputs. */
export const pairsOf = ({
  queueUrls,
  deadLetterQueueUrls,
}: Record<"queueUrls" | "deadLetterQueueUrls", Record<string, string>>): QueuePair[] =>
  Object.entries(queueUrls).map(([name, url]) => ({ name, url, deadLetterUrl: deadLetterQueueUrls[name] ?? "" }));

/** The queues of a stack on AWS, from its outputs; the AWS credentials are those of the environment. */
export function deployedQueues(stack: string): StackQueues {
  const outputs = stackOutputs(stack) as {
    region?: string;
    queueUrls?: Record<string, string>;
    deadLetterQueueUrls?: Record<string, string>;
    imageMetadataTable?: string;
  };
  const { region, queueUrls, deadLetterQueueUrls = {}, imageMetadataTable } = outputs;
  if (!region || !queueUrls)
    throw new Error(`stack ${stack} lacks outputs (region, queueUrls): bring it up to date with \`pulumi up\``);
  const queues = pairsOf({ queueUrls, deadLetterQueueUrls });
  const client = { region, credentials: environmentKeys(region) };
  return { sqs: new SQSClient(client), queues, records: () => recordsOf(client, imageMetadataTable) };
}
