import { notImplemented } from "../http/awsError";
import type { Declared, Inputs, ResourceType } from "../resourceType";
import { queueArn, queueUrl } from "./queueAddress";
import type { SqsAdmin } from "./sqs";

interface Services {
  sqs: SqsAdmin;
}

/** Values that the provider sets when the program leaves them out. */
const queueDefaults = {
  contentBasedDeduplication: false,
  deduplicationScope: "",
  delaySeconds: 0,
  fifoQueue: false,
  fifoThroughputLimit: "",
  kmsDataKeyReusePeriodSeconds: 300,
  maxMessageSize: 262_144,
  messageRetentionSeconds: 345_600,
  namePrefix: "",
  policy: "",
  receiveWaitTimeSeconds: 0,
  redriveAllowPolicy: "",
  redrivePolicy: "",
  sqsManagedSseEnabled: true,
  visibilityTimeoutSeconds: 30,
};

/** The attribute behind each property of a queue. */
const attributeNames: Record<string, string> = {
  delaySeconds: "DelaySeconds",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
  kmsMasterKeyId: "KmsMasterKeyId",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  policy: "Policy",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redriveAllowPolicy: "RedriveAllowPolicy",
  redrivePolicy: "RedrivePolicy",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
  visibilityTimeoutSeconds: "VisibilityTimeout",
};

const queue: ResourceType<Services> = {
  properties: [...Object.keys(attributeNames), "fifoQueue", "name", "namePrefix", "tags"],
  autoname: { property: "name", maxLength: 80, prefixProperty: "namePrefix" },
  replaceOn: ["name", "namePrefix", "fifoQueue"],
  holdsData: true,
  defaults: queueDefaults,
  outputs: ({ inputs, place }) => {
    const name = inputs.name as string;
    const url = queueUrl(place, name);
    return { id: url, arn: queueArn(place, name), url };
  },
  apply: ({ sqs }, { inputs, state }) => {
    if (inputs.fifoQueue === true) throw notImplemented(`FIFO queues (${String(inputs.name)})`);
    sqs.declareQueue({
      name: inputs.name as string,
      // The provider sets its own default here, which is not AWS's.
      attributes: attributesOf({ ...inputs, maxMessageSize: state.maxMessageSize }),
      tags: inputs.tags as Record<string, string> | undefined,
    });
  },
};

function attributesOf(inputs: Inputs): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributeNames).flatMap(([property, attribute]) => {
      const value = inputs[property];
      return value === undefined || value === "" ? [] : [[attribute, textOf(value)]];
    }),
  );
}

/** Attributes are texts; documents may also come as objects. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** A resource that sets one attribute of a queue which is declared elsewhere. */
const attributeOfQueue = (property: string): ResourceType<Services> => ({
  properties: ["queueUrl", property],
  replaceOn: ["queueUrl"],
  outputs: ({ inputs }) => ({ id: inputs.queueUrl as string }),
  apply: ({ sqs }, { inputs }: Declared) => {
    sqs.setQueueAttributes(inputs.queueUrl as string, attributesOf({ [property]: inputs[property] }));
  },
});

export const sqsResourceTypes: Record<string, ResourceType<Services>> = {
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": attributeOfQueue("policy"),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": attributeOfQueue("redriveAllowPolicy"),
  "aws:sqs/redrivePolicy:RedrivePolicy": attributeOfQueue("redrivePolicy"),
};
