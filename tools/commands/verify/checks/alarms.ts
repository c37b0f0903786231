import { awsJson } from "../../support/awsJson";
import type { Check } from "../check";
import type { Target } from "../../support/target";

interface Alarm {
  AlarmName: string;
  StateValue: string;
  StateReason: string;
}

/** Each alarm of the stack is there, has looked at its metric, and is quiet. */
export const alarms: Check = {
  title: "All alarms are OK",
  rights: ({ partition, region, accountId }) => [
    {
      actions: ["cloudwatch:DescribeAlarms"],
      on: [`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*`],
    },
  ],
  async run({ see, target, wait }) {
    // A new alarm has not looked at its metric yet.
    const found = await wait(
      "alarms without data",
      () => describe(target),
      (known) => known.every(({ StateValue }) => StateValue !== "INSUFFICIENT_DATA"),
      { slow: true },
    );
    const others = target.alarmNames.flatMap((name) => {
      const alarm = found.find(({ AlarmName }) => AlarmName === name);
      if (alarm?.StateValue === "OK") return [];
      return [`${name} is ${alarm ? `${alarm.StateValue}: ${alarm.StateReason}` : "missing"}`];
    });
    see({
      asked: `the state of ${target.alarmNames.length} alarms`,
      expected: "all OK",
      seen: others.length === 0 ? "all OK" : others.join("; "),
    });
  },
};

/** DescribeAlarms, which takes 100 names at a time. */
async function describe(target: Target): Promise<Alarm[]> {
  const alarms: Alarm[] = [];
  for (let start = 0; start < target.alarmNames.length; start += 100) {
    const { MetricAlarms } = (await awsJson(target, {
      service: "monitoring",
      method: "POST",
      path: "/",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms",
      },
      body: { AlarmNames: target.alarmNames.slice(start, start + 100), MaxRecords: 100 },
    })) as { MetricAlarms: Alarm[] };
    alarms.push(...MetricAlarms);
  }
  return alarms;
}
