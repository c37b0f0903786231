import type { ResourceType } from "../resourceType";
import type { LogsAdmin } from "./logs";

interface Services {
  logs: LogsAdmin;
}

export const logsResourceTypes: Record<string, ResourceType<Services>> = {
  "aws:cloudwatch/logGroup:LogGroup": {
    properties: [
      "deletionProtectionEnabled",
      "kmsKeyId",
      "logGroupClass",
      "name",
      "namePrefix",
      "retentionInDays",
      "skipDestroy",
      "tags",
    ],
    autoname: { property: "name", maxLength: 512, prefixProperty: "namePrefix" },
    replaceOn: ["name", "namePrefix", "logGroupClass"],
    defaults: {
      deletionProtectionEnabled: false,
      logGroupClass: "STANDARD",
      namePrefix: "",
      retentionInDays: 0,
      skipDestroy: false,
    },
    outputs: ({ inputs, place }) => {
      const name = inputs.name as string;
      return {
        id: name,
        arn: `arn:${place.partition}:logs:${place.region}:${place.accountId}:log-group:${name}`,
      };
    },
    apply: ({ logs }, { inputs }) => logs.declareGroup(inputs.name as string),
  },
};
