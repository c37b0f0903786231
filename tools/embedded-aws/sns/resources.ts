import type { ResourceType } from "../resourceType";
import { stableUuid } from "../stableUuid";

/** Topics, their subscriptions and policies: declared and kept. Nothing publishes here, because alarms are never evaluated. */
export const snsResourceTypes: Record<string, ResourceType> = {
  "aws:sns/topic:Topic": {
    properties: [
      "deliveryPolicy",
      "displayName",
      "kmsMasterKeyId",
      "name",
      "namePrefix",
      "policy",
      "signatureVersion",
      "tags",
      "tracingConfig",
    ],
    autoname: { property: "name", maxLength: 256, prefixProperty: "namePrefix" },
    replaceOn: ["name", "namePrefix"],
    defaults: {
      fifoTopic: false,
      contentBasedDeduplication: false,
      displayName: "",
      namePrefix: "",
      signatureVersion: 1,
      tracingConfig: "PassThrough",
    },
    outputs: ({ inputs, place }) => {
      const arn = `arn:${place.partition}:sns:${place.region}:${place.accountId}:${inputs.name as string}`;
      return { id: arn, arn, beginningArchiveTime: "", owner: place.accountId };
    },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    properties: [
      "confirmationTimeoutInMinutes",
      "deliveryPolicy",
      "endpoint",
      "endpointAutoConfirms",
      "filterPolicy",
      "filterPolicyScope",
      "protocol",
      "rawMessageDelivery",
      "redrivePolicy",
      "topic",
    ],
    replaceOn: ["topic", "protocol", "endpoint"],
    defaults: {
      confirmationTimeoutInMinutes: 1,
      endpointAutoConfirms: false,
      filterPolicyScope: "",
      rawMessageDelivery: false,
    },
    outputs: ({ name, inputs, place }) => {
      const arn = `${inputs.topic as string}:${stableUuid(name)}`;
      const confirmed = ["sqs", "lambda", "firehose"].includes(inputs.protocol as string);
      return {
        id: arn,
        arn,
        confirmationWasAuthenticated: confirmed,
        ownerId: place.accountId,
        pendingConfirmation: !confirmed,
      };
    },
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    properties: ["arn", "policy"],
    replaceOn: ["arn"],
    outputs: ({ inputs, place }) => ({
      id: inputs.arn as string,
      owner: place.accountId,
    }),
  },
};
