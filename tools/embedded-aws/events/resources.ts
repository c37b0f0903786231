import { AwsError } from "../http/awsError";
import type { Place } from "../place";
import type { Inputs, ResourceType } from "../resourceType";
import type { Buses } from "./buses";
import type { Schedules } from "./schedules";

interface Services {
  schedules: Schedules;
  buses: Buses;
}

const arn = ({ partition, region, accountId }: Place, resource: string): string =>
  `arn:${partition}:events:${region}:${accountId}:${resource}`;
/** The default bus is not named in ids and ARNs. */
const prefixOf = ({ eventBusName }: Inputs, separator: string): string =>
  eventBusName === undefined ? "" : `${eventBusName as string}${separator}`;
const busOf = ({ eventBusName }: Inputs): string => (eventBusName as string | undefined) ?? "default";

/** EventBridge: buses; rules with a rate and functions as their targets, or with a pattern and queues. */
export const eventsResourceTypes: Record<string, ResourceType<Services>> = {
  "aws:cloudwatch/eventBus:EventBus": {
    properties: ["description", "name", "tags"],
    // The SDK requires a name, so that nothing is ever filled in.
    replaceOn: ["name"],
    outputs: ({ inputs, place }) => {
      const name = inputs.name as string;
      return { id: name, arn: arn(place, `event-bus/${name}`) };
    },
    apply: ({ buses }, { inputs }) => buses.declareBus(inputs.name as string),
  },
  "aws:cloudwatch/eventRule:EventRule": {
    properties: [
      "description",
      "eventBusName",
      "eventPattern",
      "name",
      "namePrefix",
      "scheduleExpression",
      "state",
      "tags",
    ],
    autoname: { property: "name", maxLength: 64, prefixProperty: "namePrefix" },
    replaceOn: ["eventBusName", "name", "namePrefix"],
    defaults: { eventBusName: "default", forceDestroy: false, isEnabled: true, namePrefix: "" },
    outputs: ({ inputs, place }) => {
      const name = `${prefixOf(inputs, "/")}${inputs.name as string}`;
      return { id: name, arn: arn(place, `rule/${name}`) };
    },
    apply: ({ schedules, buses }, { name, inputs, state }) => {
      const { eventPattern, scheduleExpression } = inputs as { eventPattern?: string; scheduleExpression?: string };
      const rule = { name: inputs.name as string, arn: state.arn as string, enabled: inputs.state !== "DISABLED" };
      if ((eventPattern === undefined) === (scheduleExpression === undefined)) {
        const message = `Rule ${name} must have an EventPattern or a ScheduleExpression; both are not implemented here.`;
        throw new AwsError(400, "ValidationException", message);
      }
      if (scheduleExpression !== undefined) schedules.declareRule({ ...rule, scheduleExpression });
      if (eventPattern !== undefined) buses.declareRule({ ...rule, bus: busOf(inputs), eventPattern });
    },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    properties: ["arn", "eventBusName", "input", "retryPolicy", "rule", "targetId"],
    autoname: { property: "targetId", maxLength: 64 },
    replaceOn: ["eventBusName", "rule", "targetId"],
    defaults: { eventBusName: "default", forceDestroy: false },
    outputs: ({ inputs }) => ({
      id: `${prefixOf(inputs, "-")}${inputs.rule as string}-${inputs.targetId as string}`,
    }),
    apply: ({ schedules, buses }, { inputs }) => {
      const target = {
        rule: inputs.rule as string,
        id: inputs.targetId as string,
        arn: inputs.arn as string,
        input: inputs.input as string | undefined,
      };
      const bus = busOf(inputs);
      if (buses.hasRule(bus, target.rule) || bus !== "default") buses.declareTarget({ ...target, bus });
      else schedules.declareTarget(target);
    },
  },
};
