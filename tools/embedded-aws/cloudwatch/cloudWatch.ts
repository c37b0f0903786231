import { AwsError, notImplemented } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import { readAll } from "../http/readAll";
import type { AwsRequest, AwsResponse, WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";

const states = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
type State = (typeof states)[number];

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

export interface CloudWatchAdmin {
  /** Creates or changes an alarm. */
  putAlarm(alarm: AlarmInput): void;
}

const largestRequest = 1024 * 1024;

/**
 * CloudWatch's alarms, in AWS's JSON protocol: DescribeAlarms and SetAlarmState. Alarms are not evaluated: one keeps the
 * state that it has without metrics, or that was set.
 */
export function createCloudWatch({ iam, place }: { iam: Iam; place: Place }): WireService & CloudWatchAdmin {
  const alarms = new Map<string, Alarm>();

  const operations: Record<string, (request: AwsRequest, input: Record<string, unknown>) => object> = {
    DescribeAlarms: (request, input) => {
      refuseOthers("DescribeAlarms", input, ["AlarmNames", "MaxRecords", "NextToken"]);
      const resource = `arn:${place.partition}:cloudwatch:${place.region}:${place.accountId}:alarm:*`;
      iam.authorize({ principal: request.principal, action: "cloudwatch:DescribeAlarms", resource });
      const { AlarmNames, MaxRecords = 50, NextToken = "" } = input as DescribeAlarmsInput;
      const chosen = [...alarms.values()]
        .filter(({ name }) => (AlarmNames?.includes(name) ?? true) && name > NextToken)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = chosen.slice(0, MaxRecords);
      const next = chosen.length > page.length ? page.at(-1)?.name : undefined;
      return { MetricAlarms: page.map(described), CompositeAlarms: [], ...(next !== undefined && { NextToken: next }) };
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

function refuseOthers(operation: string, input: object, known: string[]): void {
  const other = Object.keys(input).find((name) => !known.includes(name));
  if (other !== undefined) throw notImplemented(`${other} of cloudwatch:${operation}`);
}

const json = (body: object): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify(body),
});
