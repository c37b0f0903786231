import type { Place } from "../place";
import type { ResourceType } from "../resourceType";
import { stableUuid } from "../stableUuid";
import type { CloudWatchAdmin } from "./cloudWatch";

/** Alarms, dashboards and saved queries: declared and kept, never evaluated, because there are no metrics here. */
export const cloudwatchResourceTypes: Record<string, ResourceType<{ cloudwatch: CloudWatchAdmin }>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    properties: [
      "actionsEnabled",
      "alarmActions",
      "alarmDescription",
      "comparisonOperator",
      "datapointsToAlarm",
      "dimensions",
      "evaluateLowSampleCountPercentiles",
      "evaluationPeriods",
      "extendedStatistic",
      "insufficientDataActions",
      "metricName",
      "metricQueries",
      "name",
      "namespace",
      "okActions",
      "period",
      "statistic",
      "tags",
      "threshold",
      "thresholdMetricId",
      "treatMissingData",
      "unit",
    ],
    autoname: { property: "name", maxLength: 255 },
    replaceOn: ["name"],
    defaults: { actionsEnabled: true, datapointsToAlarm: 0, treatMissingData: "missing" },
    outputs: ({ inputs, place }) => alarmOf(inputs.name as string, place),
    apply: ({ cloudwatch }, { id, state }) =>
      cloudwatch.putAlarm({
        name: id,
        arn: state.arn as string,
        actionsEnabled: state.actionsEnabled as boolean,
        treatMissingData: state.treatMissingData as string,
      }),
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    properties: [
      "actionsEnabled",
      "alarmActions",
      "alarmDescription",
      "alarmName",
      "alarmRule",
      "insufficientDataActions",
      "okActions",
      "tags",
    ],
    // The SDK requires a name, so that nothing is ever filled in.
    replaceOn: ["actionsEnabled", "alarmName"],
    defaults: { actionsEnabled: true },
    outputs: ({ inputs, place }) => alarmOf(inputs.alarmName as string, place),
    apply: ({ cloudwatch }, { id, state }) =>
      cloudwatch.putCompositeAlarm({
        name: id,
        arn: state.arn as string,
        actionsEnabled: state.actionsEnabled as boolean,
        rule: state.alarmRule as string,
      }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    properties: ["dashboardBody", "dashboardName"],
    // The SDK requires a name, so that nothing is ever filled in.
    replaceOn: ["dashboardName"],
    outputs: ({ inputs, place }) => {
      const name = inputs.dashboardName as string;
      return {
        id: name,
        dashboardArn: `arn:${place.partition}:cloudwatch::${place.accountId}:dashboard/${name}`,
      };
    },
  },
  "aws:cloudwatch/queryDefinition:QueryDefinition": {
    properties: ["logGroupNames", "name", "queryString"],
    autoname: { property: "name", maxLength: 255 },
    replaceOn: [],
    outputs: ({ name, place }) => {
      // CloudWatch makes a UUID; this one is the same in each run.
      const id = stableUuid(name);
      return {
        id,
        queryDefinitionId: id,
        arn: `arn:${place.partition}:logs:${place.region}:${place.accountId}:query-definition:${id}`,
      };
    },
  },
};

const alarmOf = (name: string, { partition, region, accountId }: Place) => ({
  id: name,
  arn: `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}`,
});
