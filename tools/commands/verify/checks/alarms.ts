import { alarmsNotOk, alarmStates } from "../../support/alarmStates";
import type { Check } from "../check";

/** Each alarm of the stack is there, has looked at its metric, and is quiet. */
export const alarms: Check = {
  title: "All alarms are OK",
  // Composite alarms are not told to who has a narrower right:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
  rights: () => [{ actions: ["cloudwatch:DescribeAlarms"], on: ["*"] }],
  async run({ see, target, wait }) {
    // A new alarm has not looked at its metric yet.
    const found = await wait(
      "alarms without data",
      () => alarmStates(target),
      (known) => known.every(({ StateValue }) => StateValue !== "INSUFFICIENT_DATA"),
      { slow: true },
    );
    const others = alarmsNotOk(target.alarmNames, found).map(
      ({ name, state, reason }) => `${name} is ${state}: ${reason}`,
    );
    see({
      asked: `the state of ${target.alarmNames.length} alarms`,
      expected: "all OK",
      seen: others.length === 0 ? "all OK" : others.join("; "),
    });
  },
};
