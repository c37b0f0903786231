import { awsJson } from "./awsJson";
import type { Target } from "./target";

/** An alarm, as CloudWatch describes it. */
export interface AlarmState {
  AlarmName: string;
  StateValue: string;
  StateReason: string;
}

/** The states of a stack's alarms: DescribeAlarms, which takes 100 names at a time. */
export async function alarmStates(target: Target): Promise<AlarmState[]> {
  const alarms: AlarmState[] = [];
  for (let start = 0; start < target.alarmNames.length; start += 100) {
    const { MetricAlarms, CompositeAlarms } = (await awsJson(target, {
      service: "monitoring",
      method: "POST",
      path: "/",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms",
      },
      body: {
        AlarmNames: target.alarmNames.slice(start, start + 100),
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
        MaxRecords: 100,
      },
    })) as Record<"MetricAlarms" | "CompositeAlarms", AlarmState[]>;
    alarms.push(...MetricAlarms, ...CompositeAlarms);
  }
  return alarms;
}

/** An alarm that is not as it should be. */
export interface AlarmNotOk {
  name: string;
  /** `ALARM`, `INSUFFICIENT_DATA`, or `MISSING` where CloudWatch does not tell of it. */
  state: string;
  reason: string;
}

/** Of a stack's alarms those that are not OK. */
export function alarmsNotOk(names: readonly string[], states: readonly AlarmState[]): AlarmNotOk[] {
  return names.flatMap((name) => {
    const { StateValue: state, StateReason: reason } = states.find(({ AlarmName }) => AlarmName === name) ?? {
      StateValue: "MISSING",
      StateReason: "CloudWatch does not tell of it",
    };
    return state === "OK" ? [] : [{ name, state, reason }];
  });
}
