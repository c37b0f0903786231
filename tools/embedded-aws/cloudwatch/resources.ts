import type { ResourceType } from "../resourceType";

/** Alarms and dashboards: declared and kept, never evaluated, because there are no metrics here. */
export const cloudwatchResourceTypes: Record<string, ResourceType> = {
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
      "tagsAll",
      "threshold",
      "thresholdMetricId",
      "treatMissingData",
      "unit",
    ],
    autoname: { property: "name", maxLength: 255 },
    replaceOn: ["name"],
    outputs: ({ inputs, place }) => {
      const name = inputs.name as string;
      return {
        actionsEnabled: true,
        datapointsToAlarm: 0,
        treatMissingData: "missing",
        tagsAll: inputs.tags ?? {},
        ...inputs,
        id: name,
        arn: `arn:${place.partition}:cloudwatch:${place.region}:${place.accountId}:alarm:${name}`,
        region: place.region,
      };
    },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    properties: ["dashboardBody", "dashboardName"],
    // The SDK requires a name, so that nothing is ever filled in.
    replaceOn: ["dashboardName"],
    outputs: ({ inputs, place }) => {
      const name = inputs.dashboardName as string;
      return {
        ...inputs,
        id: name,
        dashboardArn: `arn:${place.partition}:cloudwatch::${place.accountId}:dashboard/${name}`,
        region: place.region,
      };
    },
  },
};
