import { notImplemented } from "../http/awsError";
import type { ResourceType } from "../resourceType";
import type { Schedules } from "./schedules";

/** EventBridge: rules with a rate, on the default bus, and functions as their targets. */
export const eventsResourceTypes: Record<string, ResourceType<{ schedules: Schedules }>> = {
  "aws:cloudwatch/eventRule:EventRule": {
    properties: ["description", "name", "namePrefix", "scheduleExpression", "state", "tags"],
    autoname: { property: "name", maxLength: 64, prefixProperty: "namePrefix" },
    replaceOn: ["name", "namePrefix"],
    defaults: { eventBusName: "default", forceDestroy: false, isEnabled: true, namePrefix: "" },
    outputs: ({ inputs, place }) => {
      const name = inputs.name as string;
      return { id: name, arn: `arn:${place.partition}:events:${place.region}:${place.accountId}:rule/${name}` };
    },
    apply: ({ schedules }, { name, inputs, state }) => {
      if (inputs.scheduleExpression === undefined) throw notImplemented(`rules without a schedule (${name})`);
      schedules.declareRule({
        name: inputs.name as string,
        arn: state.arn as string,
        scheduleExpression: inputs.scheduleExpression as string,
        enabled: inputs.state !== "DISABLED",
      });
    },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    properties: ["arn", "input", "retryPolicy", "rule", "targetId"],
    autoname: { property: "targetId", maxLength: 64 },
    replaceOn: ["rule", "targetId"],
    defaults: { eventBusName: "default", forceDestroy: false },
    outputs: ({ inputs }) => ({ id: `${inputs.rule as string}-${inputs.targetId as string}` }),
    apply: ({ schedules }, { inputs }) =>
      schedules.declareTarget({
        rule: inputs.rule as string,
        id: inputs.targetId as string,
        arn: inputs.arn as string,
        input: inputs.input as string | undefined,
      }),
  },
};
