import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type SQSClient,
} from "@aws-sdk/client-sqs";

import { decodeEventKey, objectOfTempKey } from "../../../handlers/protocol/objectName";

/** A source queue and its dead-letter queue. */
export interface QueuePair {
  name: string;
  url: string;
  deadLetterUrl: string;
}

export interface DeadLetter {
  queue: QueuePair;
  body: string;
  /** Short, the same for all failures of a kind. */
  cause: string;
  /** The whole error. */
  reason: string;
  /** No retry can succeed. */
  poison: boolean;
  sentAt: Date;
  receiptHandle: string;
}

export interface CauseGroup {
  queue: string;
  cause: string;
  poison: boolean;
  letters: DeadLetter[];
}

/** A message that SQS moved by itself: the function died, timed out, or could not start. */
const SILENT = "NoCauseRecorded";
const silentReason =
  "SQS moved it after its last receive: the function timed out, died, or was not permitted to start. See its log.";

/** Seconds for which the messages that are looked at stay hidden from others. */
const LOOK_SECONDS = 300;
const MOST_LETTERS = 10_000;

/** The acts on a letter that was taken. */
export interface Acts {
  /** Sends it back to its source queue, and only then removes it: in between it exists twice. */
  move(letter: DeadLetter): Promise<void>;
  /** Deletes it for good. */
  delete(letter: DeadLetter): Promise<void>;
}

/**
 * Takes the dead letters of queues for some work, which are hidden from others meanwhile. Those that it neither moves nor
 * deletes are let go, also where something fails.
 */
export async function withDeadLetters<Result>(
  sqs: Pick<SQSClient, "send">,
  queues: readonly QueuePair[],
  work: (letters: DeadLetter[], acts: Acts) => Promise<Result> | Result,
): Promise<Result> {
  const taken = await Promise.allSettled(queues.map((queue) => takeDeadLetters(sqs, queue)));
  const left = new Set(taken.flatMap((result) => (result.status === "fulfilled" ? result.value : [])));
  const acting = (act: typeof remove) => async (letter: DeadLetter) => {
    await act(sqs, letter);
    left.delete(letter);
  };
  try {
    const failed = taken.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    return await work([...left], { move: acting(moveBack), delete: acting(remove) });
  } finally {
    for (const letter of left) await letGo(sqs, letter);
  }
}

/** All messages of a dead-letter queue, which stay hidden until they are moved or let go. */
async function takeDeadLetters(sqs: Pick<SQSClient, "send">, queue: QueuePair): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  while (letters.length < MOST_LETTERS) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.deadLetterUrl,
        MaxNumberOfMessages: 10,
        // A short poll asks only some of SQS's servers and can miss messages.
        WaitTimeSeconds: 1,
        VisibilityTimeout: LOOK_SECONDS,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["SentTimestamp"],
      }),
    );
    if (Messages.length === 0) break;
    letters.push(...Messages.map((message) => letterOf(queue, message)));
  }
  return letters;
}

function letterOf(queue: QueuePair, { Body = "", MessageAttributes = {}, Attributes, ReceiptHandle = "" }: Message) {
  return {
    queue,
    body: Body,
    cause: MessageAttributes.Cause?.StringValue ?? SILENT,
    reason: MessageAttributes.Reason?.StringValue ?? silentReason,
    poison: MessageAttributes.Poison?.StringValue === "true",
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)),
    receiptHandle: ReceiptHandle,
  };
}

/** By queue and cause, the largest group first. */
export function groupByCause(letters: DeadLetter[]): CauseGroup[] {
  const groups = new Map<string, CauseGroup>();
  for (const letter of letters) {
    const { queue, cause, poison } = letter;
    const key = JSON.stringify([queue.name, cause, poison]);
    const group = groups.get(key) ?? { queue: queue.name, cause, poison, letters: [] };
    group.letters.push(letter);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.letters.length - a.letters.length);
}

async function moveBack(sqs: Pick<SQSClient, "send">, { queue, body, receiptHandle }: DeadLetter): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.deadLetterUrl, ReceiptHandle: receiptHandle }));
}

/** Makes a message visible again that was only looked at. */
async function letGo(sqs: Pick<SQSClient, "send">, { queue, receiptHandle }: DeadLetter): Promise<void> {
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue.deadLetterUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }),
  );
}

async function remove(sqs: Pick<SQSClient, "send">, { queue, receiptHandle }: DeadLetter): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.deadLetterUrl, ReceiptHandle: receiptHandle }));
}

/** The names that a message is about: of an S3 event, or of the service's own messages. */
export function namesIn(body: string): string[] {
  try {
    const message = JSON.parse(body) as { original?: unknown; Records?: { s3?: { object?: { key?: unknown } } }[] };
    if (typeof message.original === "string") return [message.original];
    return (message.Records ?? []).flatMap(({ s3 }) => {
      const key = s3?.object?.key;
      return typeof key === "string" ? (objectOfTempKey(decodeEventKey(key)) ?? []) : [];
    });
  } catch {
    return [];
  }
}

export const isOfRenditions = ({ queue }: DeadLetter): boolean => queue.name === "PutResolutionBasedImageQueue";

/**
 * Poison, and letters that ask for renditions, whose images are given up. What else is deleted would come back, since the sweep
 * finds what it was about.
 */
export const mayBeDeleted = (letter: DeadLetter): boolean => letter.poison || isOfRenditions(letter);
