import { expect } from "chai";
import type { Buses } from "../../events/buses";
import { eventsResourceTypes } from "../../events/resources";
import { createSchedules, type Schedules } from "../../events/schedules";
import type { LambdaInvoker } from "../../lambda/invocation";
import { testPlace } from "../support/aws";
import { stateOf } from "../support/stateOf";

const place = testPlace();
const functionArn = `arn:aws:lambda:${place.region}:${place.accountId}:function:sweep`;
const ruleArn = `arn:aws:events:${place.region}:${place.accountId}:rule/hourly`;

describe("EventBridge schedules", () => {
  let invoked: unknown[][];
  let timers: { milliseconds: number; work: () => void; stopped: boolean }[];
  let said: string[];
  let answer: () => Promise<{ functionError?: "Unhandled"; payload: string }>;
  let schedules: Schedules;
  const buses = { hasRule: () => false } as unknown as Buses;
  beforeEach(() => {
    [invoked, timers, said] = [[], [], []];
    answer = () => Promise.resolve({ payload: "null" });
    const lambda = { invoke: (...call: unknown[]) => (invoked.push(call), answer()) } as unknown as LambdaInvoker;
    schedules = createSchedules({
      lambda,
      place,
      announce: (line) => said.push(line),
      now: () => Date.UTC(2030, 0, 1, 12, 0, 0, 500),
      every: (milliseconds, work) => {
        const timer = { milliseconds, work, stopped: false };
        timers.push(timer);
        return () => void (timer.stopped = true);
      },
    });
  });

  const declare = (type: string, name: string, inputs: Record<string, unknown>) => {
    const state = stateOf(eventsResourceTypes, type, { name, inputs, place });
    void eventsResourceTypes[type]?.apply?.({ schedules, buses }, { type, name, inputs, id: state.id, state });
  };
  const rule = (inputs: object = {}) =>
    declare("aws:cloudwatch/eventRule:EventRule", "hourly", {
      name: "hourly",
      scheduleExpression: "rate(1 hour)",
      ...inputs,
    });
  const target = (inputs: object = {}) =>
    declare("aws:cloudwatch/eventTarget:EventTarget", "t", {
      rule: "hourly",
      targetId: "t",
      arn: functionArn,
      ...inputs,
    });
  const elapse = async () => {
    for (const { work } of timers) work();
    await new Promise(setImmediate);
  };

  it("invoke the rule's function with its event, in EventBridge's name", async () => {
    rule();
    target();
    schedules.start();
    expect(timers.map(({ milliseconds }) => milliseconds)).to.deep.equal([3_600_000]);
    expect(invoked).to.deep.equal([]);
    await elapse();
    const [[arn, event, caller]] = invoked as [[string, Record<string, unknown>, unknown]];
    const { id, ...others } = event;
    expect(arn).to.equal(functionArn);
    expect(id).to.match(/^[0-9a-f-]{36}$/);
    expect(others).to.deep.equal({
      version: "0",
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: place.accountId,
      time: "2030-01-01T12:00:00Z",
      region: place.region,
      resources: [ruleArn],
      detail: {},
    });
    expect(caller).to.deep.equal({
      kind: "service",
      arn: "events.amazonaws.com",
      accountId: place.accountId,
      sourceArn: ruleArn,
      sourceAccount: place.accountId,
    });
    expect(said).to.deep.equal([]);
    schedules.close();
    expect(timers.every(({ stopped }) => stopped)).to.equal(true);
  });

  it("pass a target's own input on, and leave a disabled rule alone", async () => {
    rule({ scheduleExpression: "rate(5 minutes)" });
    target({ input: '{"a":1}' });
    schedules.start();
    await elapse();
    expect(invoked[0]?.[1]).to.deep.equal({ a: 1 });
    schedules.close();
    rule({ state: "DISABLED" });
    schedules.start();
    expect(timers).to.have.length(1);
  });

  it("invoke a rule's function when they are asked to", async () => {
    rule();
    target();
    await schedules.fire("hourly");
    expect(invoked.map(([arn]) => arn)).to.deep.equal([functionArn]);
    expect(timers).to.deep.equal([]);
    const error: unknown = await schedules.fire("daily").catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain("Rule daily does not exist");
  });

  it("say when the function failed or may not be invoked", async () => {
    rule();
    target();
    schedules.start();
    answer = () => Promise.resolve({ functionError: "Unhandled", payload: "{}" });
    await elapse();
    answer = () => Promise.reject(new Error("not authorized"));
    await elapse();
    expect(said).to.deep.equal([
      "Rule hourly: its function failed; AWS would invoke it twice more",
      "Rule hourly: not authorized",
    ]);
  });

  for (const expression of ["rate(1 hours)", "rate(2 hour)", "rate(0 minutes)", "hourly", "rate(1 second)"]) {
    it(`refuse what is not a rate: ${expression}`, () => {
      expect(() => rule({ scheduleExpression: expression })).to.throw("ScheduleExpression is not valid");
    });
  }

  it("name what is not implemented", () => {
    expect(() => rule({ scheduleExpression: "cron(0 * * * ? *)" })).to.throw("cron expressions (cron(0 * * * ? *))");
    expect(() => rule({ scheduleExpression: undefined })).to.throw("must have an EventPattern or a ScheduleExpression");
    expect(() => target()).to.throw("Rule hourly does not exist");
    rule();
    expect(() => target({ arn: "arn:aws:sqs:eu-central-1:123456789012:q" })).to.throw("not functions");
  });
});
