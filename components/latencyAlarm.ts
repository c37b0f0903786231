import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { described } from "./alarm";
import type { Alarms } from "./alarms";
import { metricsNamespace } from "./metricsNamespace";

export interface LatencyAlarmArgs {
  /** 99 of 100 images are to be READY within it: 1 to 3600. */
  objectiveSeconds: number;
  /** Receives the alarm, and its end. */
  alarms: Pick<Alarms, "actions" | "names" | "arns">;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * The objective allows 1 % of late images. Each pair of windows tells that this budget is used up so many times too fast: the
 * long one that it matters, the short one that it still happens, so that the alarm ends soon after its cause.
 * Source: https://sre.google/workbook/alerting-on-slos/
 */
const burns: { rate: number; windows: Record<string, number> }[] = [
  // 2 % of a month's budget
  { rate: 14.4, windows: { "1h": HOUR, "5m": 5 * MINUTE } },
  // 5 % of it
  { rate: 6, windows: { "6h": 6 * HOUR, "30m": 30 * MINUTE } },
];

/** In six hours: where traffic is little, fewer tell of a single upload, not of the service. */
const FEWEST_LATE = 5;

/**
 * The alarm of images that are not READY in time, by the latency that a service's metric tells. It is composed of alarms on
 * one window each, which notify of nothing: one alarm watches one period.
 * @param service whose metric it is
 * @param child options of the component that it belongs to
 */
export function latencyAlarm(
  service: string,
  { objectiveSeconds, alarms }: LatencyAlarmArgs,
  child: pulumi.CustomResourceOptions,
): void {
  const metric = {
    namespace: metricsNamespace(),
    metricName: "EndToEndLatency",
    dimensions: { service },
  };
  // The rank of a value is the share of values up to it:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
  const inTime = `PR(:${objectiveSeconds * 1000})`;
  const part = (window: string, description: string, inputs: aws.cloudwatch.MetricAlarmArgs) => {
    const { name } = new aws.cloudwatch.MetricAlarm(
      `${service}-latency-${window}-alarm`,
      {
        ...inputs,
        alarmDescription: described("latency", `Part of ${service}-latency-alarm: ${description}`),
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
      },
      child,
    );
    return pulumi.interpolate`ALARM("${name}")`;
  };
  const late = (window: string, period: number, rate: number) =>
    part(window, `of the images of ${window} more than ${rate} % were late.`, {
      ...metric,
      extendedStatistic: inTime,
      period,
      threshold: 100 - rate,
      comparisonOperator: "LessThanThreshold",
    });
  const several = part("several", `at least ${FEWEST_LATE} images of 6h were late.`, {
    metricQueries: [
      { id: "images", metric: { ...metric, period: 6 * HOUR, stat: "SampleCount" } },
      { id: "intime", metric: { ...metric, period: 6 * HOUR, stat: inTime } },
      { id: "late", expression: "images * (100 - intime) / 100", label: "late images", returnData: true },
    ],
    threshold: FEWEST_LATE - 0.5, // a count that was divided
    comparisonOperator: "GreaterThanThreshold",
  });
  const tooFast = burns.map(({ rate, windows }) => {
    const all = Object.entries(windows).map(([window, period]) => late(window, period, rate));
    return pulumi.all(all).apply((parts) => `(${parts.join(" AND ")})`);
  });
  const alarm = new aws.cloudwatch.CompositeAlarm(
    `${service}-latency-alarm`,
    {
      // The SDK requires a name.
      alarmName: `${service}-latency-alarm-${pulumi.getStack()}`,
      alarmRule: pulumi.interpolate`${several} AND (${pulumi.all(tooFast).apply((pairs) => pairs.join(" OR "))})`,
      alarmDescription: described(
        "latency",
        `Far more than 1 % of the images were not READY within ${objectiveSeconds} seconds, and still are not.`,
      ),
      alarmActions: alarms.actions,
      okActions: alarms.actions,
    },
    child,
  );
  alarms.names.push(alarm.alarmName);
  alarms.arns.push(alarm.arn);
}
