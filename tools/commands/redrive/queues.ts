import { SQSClient } from "@aws-sdk/client-sqs";

import { localEndpoints } from "../support/localEndpoints";
import type { Endpoints } from "../support/localService";
import { stackOutputs } from "../support/stackOutputs";
import type { QueuePair } from "./deadLetters";

export interface StackQueues {
  sqs: SQSClient;
  queues: QueuePair[];
  /** Advice for a service that does not answer. */
  startHint?: string;
}

/** The queues of a service that runs on this machine. */
export function localQueues(data: string): StackQueues {
  const { aws, region, accessKeyId, secretAccessKey, resources } = localEndpoints(data);
  const sqs = new SQSClient({ endpoint: aws, region, credentials: { accessKeyId, secretAccessKey } });
  return {
    sqs,
    queues: queuePairs(resources),
    startHint: `nothing answers at ${aws}: the service of ${data} must run, start it with \`npm start\``,
  };
}

/** The queues of a local run that have a dead-letter queue, by the logical names of what it declared. */
export function queuePairs(resources: Endpoints["resources"]): QueuePair[] {
  return Object.entries(resources).flatMap(([name, { type, id }]) => {
    const deadLetters = resources[`${name}-dead-letters`];
    return type === "aws:sqs/queue:Queue" && deadLetters ? [{ name, url: id, deadLetterUrl: deadLetters.id }] : [];
  });
}

/** The queues of a stack's outputs. */
export const pairsOf = (queueUrls: Record<string, string>, deadLetterUrls: Record<string, string>): QueuePair[] =>
  Object.entries(queueUrls).map(([name, url]) => ({ name, url, deadLetterUrl: deadLetterUrls[name] ?? "" }));

/** The queues of a stack on AWS, from its outputs; the AWS credentials are those of the environment. */
export function deployedQueues(stack: string): StackQueues {
  const outputs = stackOutputs(stack) as {
    queueUrls?: Record<string, string>;
    deadLetterQueueUrls?: Record<string, string>;
  };
  const { queueUrls, deadLetterQueueUrls = {} } = outputs;
  if (!queueUrls) throw new Error(`stack ${stack} has no output "queueUrls": bring it up to date with \`pulumi up\``);
  const region = /sqs\.([a-z0-9-]+)\./.exec(Object.values(queueUrls)[0] ?? "")?.[1];
  const queues = pairsOf(queueUrls, deadLetterQueueUrls);
  return { sqs: new SQSClient(region === undefined ? {} : { region }), queues };
}
