import { AwsError, notImplemented } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import { readAll } from "../http/readAll";
import type { AwsRequest, AwsResponse, WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import { compositeRule, type State } from "./compositeRule";

const states = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const satisfies readonly State[];

interface AlarmInput {
  name: string;
  arn: string;
  actionsEnabled: boolean;
  /** How periods without values count. There are no metrics here, so this is the state that the alarm has. */
  treatMissingData: string;
}
interface Alarm extends AlarmInput {
  state: State;
  reason: string;
}
interface CompositeAlarmInput extends Pick<AlarmInput, "name" | "arn" | "actionsEnabled"> {
  /** Follows from the states of other alarms. */
  rule: string;
}

export interface CloudWatchAdmin {
  /** Creates or changes an alarm. */
  putAlarm(alarm: AlarmInput): void;
  /** @throws Error for a rule that cannot be read */
  putCompositeAlarm(alarm: CompositeAlarmInput): void;
}

const largestRequest = 1024 * 1024;

/**
 * CloudWatch's alarms, in AWS's JSON protocol: DescribeAlarms and SetAlarmState. Metrics are not evaluated: an alarm keeps
 * the state that it has without them, or that was set. A composite one follows others.
 */
export function createCloudWatch({ iam, place }: { iam: Iam; place: Place }): WireService & CloudWatchAdmin {
  const alarms = new Map<string, Alarm>();
  const composites = new Map<string, CompositeAlarmInput>();

  const stateOf = (alarm: string): State | undefined =>
    [...alarms.values()].find(({ name, arn }) => alarm === name || alarm === arn)?.state;

  const operations: Record<string, (request: AwsRequest, input: Record<string, unknown>) => object> = {
    DescribeAlarms: (request, input) => {
      refuseOthers("DescribeAlarms", input, ["AlarmNames", "AlarmTypes", "MaxRecords", "NextToken"]);
      const {
        AlarmNames,
        AlarmTypes = ["MetricAlarm"],
        MaxRecords = 50,
        NextToken = "",
      } = input as DescribeAlarmsInput;
      const asksComposite = AlarmTypes.includes("CompositeAlarm");
      // Only callers who may describe all alarms, of any region, see composite ones:
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
      const where = asksComposite ? "*:*" : `${place.region}:${place.accountId}`;
      const resource = `arn:${place.partition}:cloudwatch:${where}:alarm:*`;
      iam.authorize({ principal: request.principal, action: "cloudwatch:DescribeAlarms", resource });
      const asked = [
        ...(AlarmTypes.includes("MetricAlarm") ? alarms.values() : []),
        ...(asksComposite ? composites.values() : []),
      ];
      const chosen = asked
        .filter(({ name }) => (AlarmNames?.includes(name) ?? true) && name > NextToken)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = chosen.slice(0, MaxRecords);
      const next = chosen.length > page.length ? page.at(-1)?.name : undefined;
      return {
        MetricAlarms: page.flatMap((alarm) => ("rule" in alarm ? [] : described(alarm))),
        CompositeAlarms: page.flatMap((alarm) => ("rule" in alarm ? describedComposite(alarm, stateOf) : [])),
        ...(next !== undefined && { NextToken: next }),
      };
    },
    SetAlarmState: (request, input) => {
      const { AlarmName = "", StateValue, StateReason = "" } = input as SetAlarmStateInput;
      const alarm = alarms.get(AlarmName);
      const resource = `arn:${place.partition}:cloudwatch:${place.region}:${place.accountId}:alarm:${AlarmName}`;
      iam.authorize({ principal: request.principal, action: "cloudwatch:SetAlarmState", resource });
      if (alarm === undefined) throw new AwsError(404, "ResourceNotFound", `Unknown alarm ${AlarmName}`);
      const state = states.find((known) => known === StateValue);
      if (state === undefined) throw new AwsError(400, "ValidationError", `Invalid state ${String(StateValue)}`);
      alarms.set(AlarmName, { ...alarm, state, reason: StateReason });
      return {};
    },
  };

  return {
    putAlarm: (alarm) => {
      alarms.set(alarm.name, { ...alarm, state: stateWithoutData(alarm), reason: "There are no metrics" });
    },
    putCompositeAlarm: (alarm) => {
      compositeRule(alarm.rule);
      composites.set(alarm.name, alarm);
    },
    handle: async (request) => {
      try {
        const operation = request.headers["x-amz-target"]?.split(".").at(-1);
        if (operation === undefined) throw notImplemented("CloudWatch's query and CBOR protocols");
        const answer = operations[operation];
        if (answer === undefined) throw notImplemented(`cloudwatch:${operation}`);
        const text = (await readAll(request.body, largestRequest)).toString();
        return json(answer(request, JSON.parse(text) as Record<string, unknown>));
      } catch (error) {
        if (error instanceof AwsError) return errorResponse("monitoring", error, request.requestId);
        throw error;
      }
    },
  };
}

interface DescribeAlarmsInput {
  AlarmNames?: string[];
  /** Default: metric alarms alone. */
  AlarmTypes?: ("MetricAlarm" | "CompositeAlarm")[];
  MaxRecords?: number;
  NextToken?: string;
}
interface SetAlarmStateInput {
  AlarmName?: string;
  StateValue?: string;
  StateReason?: string;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
function stateWithoutData({ treatMissingData }: AlarmInput): State {
  if (treatMissingData === "notBreaching") return "OK";
  return treatMissingData === "breaching" ? "ALARM" : "INSUFFICIENT_DATA";
}

const described = ({ name, arn, actionsEnabled, state, reason, treatMissingData }: Alarm): object => ({
  AlarmName: name,
  AlarmArn: arn,
  ActionsEnabled: actionsEnabled,
  StateValue: state,
  StateReason: reason,
  TreatMissingData: treatMissingData,
});

function describedComposite(
  { name, arn, actionsEnabled, rule }: CompositeAlarmInput,
  stateOf: (alarm: string) => State | undefined,
): object {
  const holds = compositeRule(rule)(stateOf);
  return {
    AlarmName: name,
    AlarmArn: arn,
    ActionsEnabled: actionsEnabled,
    AlarmRule: rule,
    StateValue: holds ? "ALARM" : "OK",
    StateReason: `The rule ${holds ? "holds" : "does not hold"}`,
  };
}

function refuseOthers(operation: string, input: object, known: string[]): void {
  const other = Object.keys(input).find((name) => !known.includes(name));
  if (other !== undefined) throw notImplemented(`${other} of cloudwatch:${operation}`);
}

const json = (body: object): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify(body),
});
