import type { Readable } from "node:stream";
import type { DatabaseSync } from "node:sqlite";
import { AwsError, notImplemented } from "../http/awsError";
import { errorResponse, queryError } from "../http/errorFormats";
import type { AwsRequest, AwsResponse, WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import type { HeldPolicy } from "../iam/policyDocument";
import type { SqsDelivery, SqsMessage, SqsPolling } from "./serviceCalls";
import { authorize, heldPolicy, type Operation, type Sqs } from "./operation";
import { Engine } from "./engine";
import { invalidParameter, queryCode } from "./errors";
import type { Input } from "./input";
import { messageOperations, systemAttributesOf } from "./messageOperations";
import type { MessageCounts } from "./messageStore";
import { moveOperations } from "./moveOperations";
import { MoveTasks } from "./moveTasks";
import { queueArn, queueUrl } from "./queueAddress";
import type { QueueAttributes } from "./queueAttributes";
import { queueOperations } from "./queueOperations";
import { encodeReceipt } from "./receiptHandle";
import { senderIdOf } from "./senderId";

export interface SqsOptions {
  db: DatabaseSync;
  iam: Iam;
  place: Place;
  /** Milliseconds since 1970; a test's own clock. */
  now?: () => number;
  /** Fault injection: true puts a second copy of the message that is being sent into the queue, with the same id and body. */
  duplicate?: (queueArn: string) => boolean;
}

/** Calls of the local run, as the queues' owner. */
export interface SqsAdmin {
  /** Creates a queue, or gives an existing one these attributes; its messages stay. */
  declareQueue(queue: { name: string; attributes: QueueAttributes; tags?: Record<string, string> }): void;
  /** Sets attributes of a declared queue, by its URL; an empty text removes one. */
  setQueueAttributes(url: string, attributes: QueueAttributes): void;
  /** Deletes a queue with its messages; nothing happens when there is none. */
  removeQueue(arn: string): void;
  queueArns(): string[];
  counts(arn: string): MessageCounts;
  /** True when the queue has no message, visible, in flight or delayed. */
  isEmpty(arn: string): boolean;
  /** The attributes of a queue, or undefined when there is none. */
  attributesOf(arn: string): QueueAttributes | undefined;
  /** The policies of all queues. */
  policies(): HeldPolicy[];
  /** Calls `listener` after messages or queues changed; returns what ends that. */
  onChange(listener: () => void): () => void;
  /** Ends long polls and move tasks; nothing is served afterwards. */
  close(): void;
}

const operations: Record<string, Operation> = { ...queueOperations, ...messageOperations, ...moveOperations };

/**
 * SQS standard queues, kept in the shared database. FIFO queues are not implemented, and the limit of 120,000 messages in
 * flight is not kept.
 */
export function createSqs(options: SqsOptions): WireService & SqsDelivery & SqsPolling & SqsAdmin {
  const { db, iam, place, now = Date.now, duplicate = () => false } = options;
  const arnOf = (name: string): string => queueArn(place, name);
  const urlOf = (name: string): string => queueUrl(place, name);
  const engine = new Engine({ db, arnOf, now, duplicate });
  const tasks = new MoveTasks(db, engine);
  const sqs: Sqs = { engine, tasks, iam, place, urlOf, arnOf };
  const inProcess = { secure: true };

  return {
    handle: (request) => handle(sqs, request),

    deliver(arn, body, from, traceHeader) {
      const queue = engine.queues.get(arn);
      authorize(sqs, { principal: from, ...inProcess }, "SendMessage", queue);
      const system: Record<string, string> = traceHeader === undefined ? {} : { AWSTraceHeader: traceHeader };
      engine.send(queue, { body, system, senderId: senderIdOf(from) });
    },

    async receive(arn, { max, waitSeconds, principal, signal }) {
      authorize(sqs, { principal, ...inProcess }, "ReceiveMessage", engine.queues.get(arn));
      const messages = await engine.receive(arn, { max: Math.min(max, 10), waitSeconds, signal, held: true });
      return messages.map((message): SqsMessage => ({
        messageId: message.id,
        receiptHandle: encodeReceipt(message.receipt),
        body: message.body,
        attributes: systemAttributesOf(message),
        messageAttributes: message.attributes,
        md5OfBody: message.md5,
      }));
    },
    delete(arn, receiptHandles, principal) {
      const queue = engine.queues.get(arn);
      authorize(sqs, { principal, ...inProcess }, "DeleteMessage", queue);
      for (const handle of receiptHandles) engine.delete(queue, handle);
    },
    release(arn, receiptHandles, seconds) {
      const queue = engine.queues.get(arn);
      for (const handle of receiptHandles) engine.release(queue, handle, seconds);
    },

    declareQueue({ name, attributes, tags = {} }) {
      const existing = engine.queues.named(name);
      if (existing === undefined) engine.createQueue(name, attributes, tags);
      else engine.redeclare(existing, attributes, tags);
    },
    setQueueAttributes: (url, attributes) => void engine.setAttributes(engine.queues.byUrl(url), attributes),
    removeQueue(arn) {
      const queue = engine.queues.find(arn);
      if (queue !== undefined) engine.removeQueue(queue);
    },
    queueArns: () => engine.queues.list().map(({ arn }) => arn),
    counts: (arn) => engine.counts(engine.queues.get(arn)),
    isEmpty: (arn) => engine.isEmpty(engine.queues.get(arn)),
    attributesOf: (arn) => engine.queues.find(arn)?.attributes,
    policies: () => engine.queues.list().flatMap((queue) => heldPolicy(queue) ?? []),
    onChange: (listener) => engine.onChange(listener),
    close() {
      tasks.close();
      engine.close();
    },
  };
}

async function handle(sqs: Sqs, request: AwsRequest): Promise<AwsResponse> {
  try {
    const result = await operationOf(request)(sqs, {
      input: await readInput(request.body),
      principal: request.principal,
      secure: request.secure,
      traceHeader: request.headers["x-amzn-trace-id"],
      signal: request.signal,
    });
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": request.requestId },
      body: JSON.stringify(result),
    };
  } catch (thrown) {
    const error =
      thrown instanceof AwsError ? thrown : new AwsError(500, "InternalFailure", `SQS failed: ${String(thrown)}`);
    // The query protocol is answered in its own format, so that its clients can read that it is not there.
    const format = request.headers["x-amz-target"] === undefined ? queryError : errorResponse;
    const response = format("sqs", error, request.requestId);
    const side = error.status < 500 ? "Sender" : "Receiver";
    return { ...response, headers: { ...response.headers, "x-amzn-query-error": `${queryCode(error.code)};${side}` } };
  }
}

function operationOf(request: AwsRequest): Operation {
  const target = request.headers["x-amz-target"];
  if (target === undefined)
    throw notImplemented("the query protocol of SQS; use the JSON protocol, as current SDKs do");
  const name = target.replace(/^AmazonSQS\./, "");
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) throw notImplemented(`sqs:${name}`);
  return operation;
}

async function readInput(body: Readable): Promise<Input> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    const input: unknown = JSON.parse(text === "" ? "{}" : text);
    if (typeof input === "object" && input !== null && !Array.isArray(input)) return input as Input;
  } catch {
    // Falls through to the same answer as JSON of another type.
  }
  throw invalidParameter("The request's body is not a JSON object.");
}
