import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";

import { latencyAlarm } from "../../components/latencyAlarm";
import { declare, type Stack } from "../support/pulumi";

const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";

describe("the alarm of late images", () => {
  let stack: Stack;
  let told: unknown;
  before(async () => {
    stack = await declare(() => {
      const parent = new pulumi.ComponentResource("snail:index:Pipeline", "pipeline");
      const alarms = { actions: [topic as never], names: [], arns: [] };
      latencyAlarm("MakeProcess", { objectiveSeconds: 20, alarms }, { parent });
      pulumi.all([pulumi.all(alarms.names), pulumi.all(alarms.arns)]).apply((lists) => (told = lists));
    });
  });

  it("is raised where several images were late, and far too many in a long window and still in a short one", () => {
    const part = (window: string) => `ALARM("MakeProcess-latency-${window}-alarm")`;
    expect(stack.inputs("CompositeAlarm")).to.deep.equal({
      alarmName: "MakeProcess-latency-alarm-test",
      alarmRule: `${part("several")} AND ((${part("1h")} AND ${part("5m")}) OR (${part("6h")} AND ${part("30m")}))`,
      alarmDescription:
        "Far more than 1 % of the images were not READY within 20 seconds, and still are not. What to do: docs/operating.md#alarm-latency",
      alarmActions: [topic],
      okActions: [topic],
    });
  });

  for (const [window, period, rate] of [
    ["1h", 3600, 14.4],
    ["5m", 300, 14.4],
    ["6h", 21_600, 6],
    ["30m", 1800, 6],
  ] as const)
    it(`has a part that tells whether more than ${rate} % of ${window} were late`, () => {
      expect(stack.inputs("MetricAlarm", `MakeProcess-latency-${window}-alarm`)).to.deep.equal({
        namespace: "SnailImages/test",
        metricName: "EndToEndLatency",
        dimensions: { service: "MakeProcess" },
        extendedStatistic: "PR(:20000)",
        period,
        evaluationPeriods: 1,
        threshold: 100 - rate,
        comparisonOperator: "LessThanThreshold",
        treatMissingData: "notBreaching",
        alarmDescription: `Part of MakeProcess-latency-alarm: of the images of ${window} more than ${rate} % were late. What to do: docs/operating.md#alarm-latency`,
      });
    });

  it("has a part that tells whether at least five images of six hours were late", () => {
    const metric = {
      namespace: "SnailImages/test",
      metricName: "EndToEndLatency",
      dimensions: { service: "MakeProcess" },
      period: 21_600,
    };
    expect(stack.inputs("MetricAlarm", "MakeProcess-latency-several-alarm")).to.deep.include({
      metricQueries: [
        { id: "images", metric: { ...metric, stat: "SampleCount" } },
        { id: "intime", metric: { ...metric, stat: "PR(:20000)" } },
        { id: "late", expression: "images * (100 - intime) / 100", label: "late images", returnData: true },
      ],
      threshold: 4.5,
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
    });
  });

  it("is listed without its parts, which notify of nothing", () => {
    expect(told).to.deep.equal([
      ["MakeProcess-latency-alarm-test"],
      ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:MakeProcess-latency-alarm-test"],
    ]);
    const parts = stack.all("MetricAlarm");
    expect(parts.map(({ given }) => [given.alarmActions, given.okActions])).to.deep.equal(
      parts.map(() => [undefined, undefined]),
    );
  });
});
