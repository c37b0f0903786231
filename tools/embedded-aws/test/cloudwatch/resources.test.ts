import { expect } from "chai";
import { cloudwatchResourceTypes } from "../../cloudwatch/resources";
import { testPlace } from "../support/aws";
import { stateOf } from "../support/stateOf";

describe("CloudWatch resource types", () => {
  const outputs = (type: string, inputs: Record<string, unknown>) =>
    stateOf(cloudwatchResourceTypes, type, { name: "x", inputs, place: testPlace() });

  it("give alarms AWS's ARN and defaults", () => {
    expect(outputs("aws:cloudwatch/metricAlarm:MetricAlarm", { name: "depth", threshold: 1 })).to.include({
      id: "depth",
      arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:depth",
      actionsEnabled: true,
      treatMissingData: "missing",
      threshold: 1,
    });
  });

  it("give composite alarms the ARN of an alarm", () => {
    const inputs = { alarmName: "late", alarmRule: 'ALARM("depth")' };
    expect(outputs("aws:cloudwatch/compositeAlarm:CompositeAlarm", inputs)).to.include({
      id: "late",
      arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:late",
      actionsEnabled: true,
    });
  });

  it("give dashboards AWS's ARN, which has no region", () => {
    expect(outputs("aws:cloudwatch/dashboard:Dashboard", { dashboardName: "all", dashboardBody: "{}" })).to.include({
      id: "all",
      dashboardArn: "arn:aws:cloudwatch::123456789012:dashboard/all",
    });
  });

  it("give saved queries an id and an ARN", () => {
    const state = outputs("aws:cloudwatch/queryDefinition:QueryDefinition", {
      name: "all/slow",
      queryString: "limit 1",
    });
    expect(state.id).to.match(/^[0-9a-f-]{36}$/);
    expect(state).to.deep.include({
      name: "all/slow",
      queryDefinitionId: state.id,
      arn: `arn:aws:logs:eu-central-1:123456789012:query-definition:${state.id}`,
    });
  });
});
