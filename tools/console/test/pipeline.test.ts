import { expect } from "chai";

import type { Strike } from "../../embedded-aws";
import { createPipeline } from "../pipeline";
import type { PipelineNow } from "../shapes";

type Run = Parameters<typeof createPipeline>[0];
interface Decided {
  denied?: string;
  caller: { arn: string };
  action: string;
  resource: string;
}

const arn = (name: string): string => `arn:aws:x:eu-west-1:000000000000:${name}`;
const resource = (name: string, type: string, state: Record<string, unknown> = {}) => ({
  name,
  type: `aws:${type}`,
  id: name,
  state: { arn: arn(name), ...state },
  given: {},
});
const policy = (Action: string, Resource: string) => ({
  source: "identity" as const,
  holder: arn("role"),
  name: "policy",
  document: { Statement: { Effect: "Allow" as const, Action, Resource } },
});

/** A pipeline of one bucket, queue and function, on an embedded AWS of nothing. */
function watched() {
  const calls: unknown[] = [];
  let decide: (decision: Decided) => void = () => undefined;
  let strike: (strike: Strike) => void = () => undefined;
  let write: (group: string, text: string) => void = () => undefined;
  const orders: object[] = [];
  const cloud = {
    policies: () => [policy("sqs:ReceiveMessage", arn("Queue")), policy("s3:PutObject", `${arn("Images")}/raw/*`)],
    iam: {
      owner: { accessKeyId: "owner" },
      lookup: () => ({ principal: "the owner" }),
      onDecision: (listener: typeof decide) => ((decide = listener), () => undefined),
    },
    lambda: {
      functionConfig: () => ({ name: "taker-1", role: arn("role"), logGroup: "group" }),
      environments: () => [{ functionName: "taker-1", busy: true }],
    },
    sqs: {
      counts: (of: string) => ({ visible: of.endsWith("dead-letters") ? 1 : 3, inFlight: 2, delayed: 1 }),
      onChange: () => () => undefined,
      deliver: (...given: unknown[]) => calls.push(["deliver", ...given]),
    },
    logs: { onLine: (listener: typeof write) => ((write = listener), () => undefined), eventsOf: () => [] },
    schedules: { fire: async (rule: string) => calls.push(["fire", rule]) },
  };
  const run = {
    cloud,
    resources: [
      resource("Images", "s3/bucket:Bucket"),
      resource("Queue", "sqs/queue:Queue"),
      resource("Queue-dead-letters", "sqs/queue:Queue"),
      resource("Bus", "cloudwatch/eventBus:EventBus"),
      resource("Bus-dead-letters", "sqs/queue:Queue"),
      resource("Taker", "lambda/function:Function", { role: arn("role"), loggingConfig: { logGroup: "group" } }),
      resource("Api", "apigateway/restApi:RestApi", {
        executionArn: arn("api"),
        body: `{"credentials":"${arn("caller")}"}`,
      }),
      resource("stage", "apigateway/stage:Stage", {
        restApi: "Api",
        accessLogSettings: { destinationArn: "arn:aws:logs:eu-west-1:000000000000:log-group:access" },
      }),
      resource("Clock", "cloudwatch/eventRule:EventRule", { name: "clock-1", scheduleExpression: "rate(1 hour)" }),
    ],
    faults: {
      orders,
      order: (order: object) => orders.push(order),
      onStrike: (listener: typeof strike) => ((strike = listener), () => undefined),
    },
  };
  const pipeline = createPipeline(run as unknown as Run, { listening: false, send: () => undefined }, () => undefined);
  return {
    pipeline,
    calls,
    orders,
    decide: (decision: Decided) => decide(decision),
    strike: (made: Strike) => strike(made),
    write: (group: string, line: object) => write(group, JSON.stringify(line)),
    now: (): PipelineNow => pipeline.now(),
  };
}

describe("the pipeline now", () => {
  it("has messages, dead letters that are looked at too, and functions at work", () => {
    const { queues, buses, functions } = watched().now();
    expect(queues).to.deep.equal({ Queue: { waiting: 4, inFlight: 2, dead: 3 } });
    expect(buses).to.deep.equal({ Bus: { dead: 3 } });
    expect(functions).to.deep.equal({ Taker: { busy: 1, ended: 0 } });
  });

  it("tells of a denied call at the function that made it, and at the part that it was about", () => {
    const { decide, now } = watched();
    const object = `${arn("Images")}/raw/photo.jpg/1.jpg`;
    decide({ caller: { arn: arn("role") }, action: "s3:PutObject", resource: object });
    decide({ denied: "no policy", caller: { arn: arn("role") }, action: "s3:DeleteObject", resource: object });
    decide({ denied: "no policy", caller: { arn: "*" }, action: "sqs:SendMessage", resource: arn("elsewhere") });
    expect(now().denied.map(({ by, at, action }) => ({ by, at, action }))).to.deep.equal([
      { by: "*", at: undefined, action: "sqs:SendMessage" },
      { by: "Taker", at: "Images", action: "s3:DeleteObject" },
    ]);
  });

  it("tells of calls that were denied about dead letters, and to or about an API", () => {
    const { decide, now } = watched();
    const denied = (caller: string, action: string, resource: string) =>
      decide({ denied: "no policy", caller: { arn: arn(caller) }, action, resource });
    denied("role", "sqs:SendMessage", arn("Queue-dead-letters"));
    denied("caller", "s3:PutObject", `${arn("Images")}/raw/photo.jpg`);
    denied("user", "execute-api:Invoke", `${arn("api")}/dev/GET/raw`);
    expect(now().denied.map(({ by, at }) => [by, at])).to.deep.equal([
      [arn("user"), "Api"],
      ["Api", "Images"],
      ["Taker", "Queue"],
    ]);
  });

  it("keeps the last denials", () => {
    const { decide, now } = watched();
    for (let index = 0; index < 25; index++)
      decide({ denied: "no policy", caller: { arn: "*" }, action: `s3:${index}`, resource: "x" });
    expect(now().denied).to.have.length(20);
    expect(now().denied[0]?.action).to.equal("s3:24");
  });

  it("counts invocations and requests by what is logged of them", () => {
    const { write, now } = watched();
    expect(now().apis).to.deep.equal({ Api: { requests: 0 } });
    write("group", { type: "platform.start" });
    for (const durationMs of [12, 34]) write("group", { type: "platform.report", record: { metrics: { durationMs } } });
    write("access", { status: "200", responseLatency: "9" });
    write("access", { status: "404", responseLatency: "5" });
    write("elsewhere", { status: "500" });
    expect(now().functions).to.deep.equal({ Taker: { busy: 1, ended: 2, lastMs: 34 } });
    expect(now().apis).to.deep.equal({ Api: { requests: 2, lastStatus: "404", lastMs: "5" } });
  });
});

describe("a part", () => {
  it("has a schedule that runs now, where it is one", () => {
    const { pipeline, calls } = watched();
    for (const name of ["Taker", "stage", "none"]) expect(pipeline.fire(name), name).to.equal(false);
    expect(pipeline.fire("Clock")).to.equal(true);
    expect(calls).to.deep.equal([["fire", "clock-1"]]);
  });

  it("has details where it is drawn", () => {
    const { pipeline } = watched();
    expect(pipeline.details("Taker")?.policies.map(({ name }) => name)).to.deep.equal(["policy", "policy"]);
    for (const name of ["stage", "Queue-dead-letters", "none"]) expect(pipeline.details(name)).to.equal(undefined);
  });

  it("is told whether a queue drives it", () => {
    const { isDriven } = watched().pipeline;
    expect(["Taker", "Images", "none"].map(isDriven)).to.deep.equal([true, false, false]);
  });
});

describe("ordered faults", () => {
  it("go to the role of the function, or to its queue", () => {
    const { pipeline, orders, now } = watched();
    for (const kind of ["kill", "answer", "throttle", "duplicate"])
      expect(pipeline.order(kind, "Taker"), kind).to.equal(true);
    expect(orders).to.deep.equal([
      { kind: "kill", of: arn("role"), times: 1 },
      { kind: "answer", of: arn("role"), times: 1 },
      { kind: "throttle", of: arn("role"), times: 10 },
      { kind: "duplicate", of: arn("Queue"), times: 1 },
    ]);
    const { functions, ordered } = now().faults;
    expect(functions).to.deep.equal(["Taker"]);
    expect(ordered.map(({ kind, at }) => `${kind} ${at}`)).to.deep.equal([
      "kill Taker",
      "answer Taker",
      "throttle Taker",
      "duplicate Queue",
    ]);
  });

  it("are refused where the kind or the part is another", () => {
    const { pipeline, orders, calls } = watched();
    for (const kind of ["flood", "constructor", ""]) expect(pipeline.order(kind, "Taker"), kind).to.equal(false);
    for (const name of ["Queue", "Images", "None"]) expect(pipeline.order("kill", name), name).to.equal(false);
    expect([...orders, ...calls]).to.deep.equal([]);
  });

  it("send poison to the function's queue as the account's owner", () => {
    const { pipeline, calls } = watched();
    expect(pipeline.order("poison", "Taker")).to.equal(true);
    expect(calls).to.deep.equal([["deliver", arn("Queue"), "This cannot be read as a message.", "the owner"]]);
  });

  it("are told once they struck, the newest first", () => {
    const { strike, now } = watched();
    strike({ kind: "kill", of: arn("role"), call: "s3:PUT /b/k" });
    strike({ kind: "duplicate", of: arn("Queue") });
    strike({ kind: "error", of: arn("another-role"), call: "s3:GET /b/k" });
    expect(now().faults.struck.map(({ kind, at, call }) => ({ kind, at, call }))).to.deep.equal([
      { kind: "error", at: undefined, call: "s3:GET /b/k" },
      { kind: "duplicate", at: "Queue", call: undefined },
      { kind: "kill", at: "Taker", call: "s3:PUT /b/k" },
    ]);
  });
});
