import { Readable } from "node:stream";
import { expect } from "chai";
import { createCloudWatch } from "../../cloudwatch/cloudWatch";
import type { AwsRequest } from "../../http/wireService";
import { startTestAws, type TestAws } from "../support/aws";

// DescribeAlarms, SetAlarmState (CloudWatch API reference), in the protocol AWS JSON 1.0.
describe("CloudWatch's alarms", () => {
  let aws: TestAws;
  before(async () => (aws = await startTestAws({ services: () => ({}) })));
  after(() => aws.close());

  /** A service with alarms that treat missing data in each way. */
  function service() {
    const cloudwatch = createCloudWatch({ iam: aws.iam, place: aws.place });
    for (const treatMissingData of ["notBreaching", "breaching", "missing", "ignore"])
      cloudwatch.putAlarm({
        name: treatMissingData,
        arn: `arn:${treatMissingData}`,
        actionsEnabled: true,
        treatMissingData,
      });
    const rule = 'ALARM("breaching") AND ALARM("arn:ignore")';
    cloudwatch.putCompositeAlarm({ name: "both", arn: "arn:both", actionsEnabled: true, rule });
    return async (operation: string, input: object, accessKeyId = aws.iam.owner.accessKeyId) => {
      const { status, body } = await cloudwatch.handle({
        service: "monitoring",
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        headers: { "x-amz-target": `GraniteServiceVersion20100801.${operation}` },
        body: Readable.from([Buffer.from(JSON.stringify(input))]),
        principal: aws.iam.lookup(accessKeyId)!.principal,
        requestId: "1",
        secure: true,
      } satisfies AwsRequest);
      return { status, answer: JSON.parse(body as string) as Record<string, unknown> };
    };
  }
  const statesIn = ({ answer }: { answer: Record<string, unknown> }) =>
    (answer.MetricAlarms as { AlarmName: string; StateValue: string }[]).map((alarm) => [
      alarm.AlarmName,
      alarm.StateValue,
    ]);

  it("have the state that they have without data", async () => {
    expect(statesIn(await service()("DescribeAlarms", {}))).to.deep.equal([
      ["breaching", "ALARM"],
      ["ignore", "INSUFFICIENT_DATA"],
      ["missing", "INSUFFICIENT_DATA"],
      ["notBreaching", "OK"],
    ]);
  });

  it("are chosen by name, and come in pages", async () => {
    const call = service();
    const AlarmNames = ["missing", "breaching", "other"];
    const first = await call("DescribeAlarms", { AlarmNames, MaxRecords: 1 });
    expect(statesIn(first)).to.deep.equal([["breaching", "ALARM"]]);
    const { NextToken } = first.answer;
    const second = await call("DescribeAlarms", { AlarmNames, MaxRecords: 1, NextToken });
    expect(statesIn(second)).to.deep.equal([["missing", "INSUFFICIENT_DATA"]]);
    expect(second.answer).to.not.have.property("NextToken");
  });

  it("keep a state that was set", async () => {
    const call = service();
    const set = { AlarmName: "notBreaching", StateValue: "ALARM", StateReason: "a test" };
    expect((await call("SetAlarmState", set)).status).to.equal(200);
    expect(statesIn(await call("DescribeAlarms", { AlarmNames: ["notBreaching"] }))).to.deep.equal([
      ["notBreaching", "ALARM"],
    ]);
    expect((await call("SetAlarmState", { ...set, AlarmName: "other" })).status).to.equal(404);
    expect((await call("SetAlarmState", { ...set, StateValue: "RED" })).status).to.equal(400);
  });

  it("follow others where they are composite, and are told to who asks for these", async () => {
    const call = service();
    const asked = async (AlarmTypes?: string[]) => {
      const { answer } = await call("DescribeAlarms", { AlarmNames: ["both", "ignore"], AlarmTypes });
      return [answer.MetricAlarms, answer.CompositeAlarms].map((alarms) =>
        (alarms as { AlarmName: string; StateValue: string }[]).map(
          (alarm) => `${alarm.AlarmName} ${alarm.StateValue}`,
        ),
      );
    };
    expect(await asked()).to.deep.equal([["ignore INSUFFICIENT_DATA"], []]);
    expect(await asked(["CompositeAlarm"])).to.deep.equal([[], ["both OK"]]);
    await call("SetAlarmState", { AlarmName: "ignore", StateValue: "ALARM", StateReason: "a test" });
    expect(await asked(["CompositeAlarm", "MetricAlarm"])).to.deep.equal([["ignore ALARM"], ["both ALARM"]]);
  });

  it("are told to callers who may ask for them", async () => {
    const call = service();
    const keyOf = (name: string, resource?: string) =>
      aws.iam.credentialsOf(
        aws.role(name, resource === undefined ? [] : [{ Action: "cloudwatch:DescribeAlarms", Resource: resource }]),
      ).accessKeyId;
    const all = `arn:aws:cloudwatch:${aws.place.region}:${aws.place.accountId}:alarm:*`;
    expect((await call("DescribeAlarms", {}, keyOf("may", all))).status).to.equal(200);
    const composite = { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] };
    expect((await call("DescribeAlarms", composite, keyOf("may-metric", all))).status).to.equal(400);
    expect((await call("DescribeAlarms", composite, keyOf("may-all", "*"))).status).to.equal(200);
    const refused = await call("DescribeAlarms", {}, keyOf("may-not"));
    expect([refused.status, refused.answer.__type]).to.deep.equal([
      400,
      "com.amazon.coral.service#AccessDeniedException",
    ]);
  });

  it("answer 501 to what is not implemented", async () => {
    for (const [operation, input] of [
      ["PutMetricData", {}],
      ["DescribeAlarms", { StateValue: "OK" }],
    ] as const)
      expect((await service()(operation, input)).status).to.equal(501);
  });
});
