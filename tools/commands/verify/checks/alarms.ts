import { alarmStates } from "../../support/alarmStates";
import type { Check } from "../check";

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
      () => alarmStates(target),
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
