import type { PolicyDocument } from "../iam/policyDocument";
import { parseResourcePolicy } from "../iam/validatePolicy";
import { invalidParameter, sqsError } from "./errors";

/** The attributes of a queue as its owner sets them: AWS's names, values as text. */
export type QueueAttributes = Record<string, string>;

/** Where messages go that were received too often. */
interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

/** Which queues may use a queue as their dead-letter queue. */
export interface RedriveAllowPolicy {
  redrivePermission: "allowAll" | "denyAll" | "byQueue";
  sourceQueueArns: string[];
}

/** Attributes in the form in which every message needs them. */
export interface QueueSettings {
  delayMs: number;
  maximumBytes: number;
  retentionMs: number;
  waitSeconds: number;
  visibilitySeconds: number;
  policy?: PolicyDocument;
  redrive?: RedrivePolicy;
  redriveAllow?: RedriveAllowPolicy;
}

interface NumericAttribute {
  minimum: number;
  maximum: number;
  /** AWS's answer when it was never set. */
  initial?: string;
}

const numeric: Record<string, NumericAttribute> = {
  DelaySeconds: { minimum: 0, maximum: 900, initial: "0" },
  MaximumMessageSize: { minimum: 1024, maximum: 1_048_576, initial: "1048576" },
  MessageRetentionPeriod: { minimum: 60, maximum: 1_209_600, initial: "345600" },
  ReceiveMessageWaitTimeSeconds: { minimum: 0, maximum: 20, initial: "0" },
  VisibilityTimeout: { minimum: 0, maximum: 43_200, initial: "30" },
  KmsDataKeyReusePeriodSeconds: { minimum: 60, maximum: 86_400 },
};
const textual = ["Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "SqsManagedSseEnabled"];

/** The settings of a queue whose owner set nothing. */
export const initialAttributes = (): QueueAttributes => ({
  ...Object.fromEntries(
    Object.entries(numeric).flatMap(([name, { initial }]) => (initial === undefined ? [] : [[name, initial]])),
  ),
  SqsManagedSseEnabled: "true",
});

/**
 * Checks attributes that a caller sets. A standard queue knows none of those of FIFO queues.
 * @returns the same attributes; an empty text removes one, as on AWS
 */
export function checkAttributes(attributes: QueueAttributes): QueueAttributes {
  for (const [name, value] of Object.entries(attributes)) {
    if (["DeduplicationScope", "FifoThroughputLimit"].includes(name)) {
      throw sqsError("InvalidAttributeName", `You can specify the ${name} only when FifoQueue is set to true.`);
    }
    const range = numeric[name];
    if (range !== undefined) checkNumber(name, value, range);
    else if (!textual.includes(name)) throw sqsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
  }
  return attributes;
}

function checkNumber(name: string, value: string, { minimum, maximum }: NumericAttribute): void {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= minimum && number <= maximum) return;
  throw sqsError(
    "InvalidAttributeValue",
    `Invalid value for the parameter ${name}: ${value}. It must be a whole number from ${minimum} to ${maximum}.`,
  );
}

/**
 * Puts `changes` over `attributes`. A KMS key turns SQS's own encryption off, and the reuse period goes with the key
 * (recorded: test_set_queue_attributes_default_values).
 */
export function mergeAttributes(attributes: QueueAttributes, changes: QueueAttributes): QueueAttributes {
  const merged = Object.entries({ ...attributes, ...changes }).filter(([, value]) => value !== "");
  const { KmsMasterKeyId: key, KmsDataKeyReusePeriodSeconds: period, ...rest } = Object.fromEntries(merged);
  if (key === undefined) return rest;
  return {
    ...rest,
    ...(period === undefined ? {} : { KmsDataKeyReusePeriodSeconds: period }),
    KmsMasterKeyId: key,
    SqsManagedSseEnabled: "false",
  };
}

export function settingsOf(attributes: QueueAttributes): QueueSettings {
  const number = (name: string): number => Number(attributes[name] ?? numeric[name]?.initial);
  return {
    delayMs: number("DelaySeconds") * 1000,
    maximumBytes: number("MaximumMessageSize"),
    retentionMs: number("MessageRetentionPeriod") * 1000,
    waitSeconds: number("ReceiveMessageWaitTimeSeconds"),
    visibilitySeconds: number("VisibilityTimeout"),
    policy:
      attributes.Policy === undefined
        ? undefined
        : parseResourcePolicy(attributes.Policy, "policy of the queue", "InvalidAttributeValue"),
    redrive: attributes.RedrivePolicy === undefined ? undefined : redriveOf(attributes.RedrivePolicy),
    redriveAllow: attributes.RedriveAllowPolicy === undefined ? undefined : allowOf(attributes.RedriveAllowPolicy),
  };
}

function parse(name: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Falls through to the same answer as a value of another type.
  }
  throw sqsError("InvalidAttributeValue", `Invalid value for the parameter ${name}: ${text} is not a JSON object.`);
}

function redriveOf(text: string): RedrivePolicy {
  const { deadLetterTargetArn, maxReceiveCount = 10 } = parse("RedrivePolicy", text) as Record<string, unknown>;
  const wrong = (reason: string): Error =>
    invalidParameter(`Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
  if (typeof deadLetterTargetArn !== "string") {
    throw wrong("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
  }
  const count = Number(maxReceiveCount); // AWS takes the number as text, too.
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw wrong("Invalid value for maxReceiveCount: it must be a whole number from 1 to 1000.");
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

function allowOf(text: string): RedriveAllowPolicy {
  const value = parse("RedriveAllowPolicy", text) as Record<string, unknown>;
  const wrong = (reason: string): Error =>
    invalidParameter(`Value ${text} for parameter RedriveAllowPolicy is invalid. Reason: ${reason}`);
  const permission = value.redrivePermission;
  if (permission !== "allowAll" && permission !== "denyAll" && permission !== "byQueue") {
    throw wrong("redrivePermission must be allowAll, denyAll or byQueue.");
  }
  const sources = value.sourceQueueArns ?? [];
  if (!Array.isArray(sources) || sources.some((source) => typeof source !== "string")) {
    throw wrong("sourceQueueArns must be a list of queue ARNs.");
  }
  if (permission === "byQueue" && (sources.length < 1 || sources.length > 10)) {
    throw wrong("byQueue needs 1 to 10 sourceQueueArns.");
  }
  return { redrivePermission: permission, sourceQueueArns: sources as string[] };
}

/** True when the queue may send its dead letters to one that has this policy. */
export function allowsSource(policy: RedriveAllowPolicy | undefined, sourceArn: string): boolean {
  if (policy === undefined || policy.redrivePermission === "allowAll") return true;
  return policy.redrivePermission === "byQueue" && policy.sourceQueueArns.includes(sourceArn);
}
