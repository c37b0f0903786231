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
    logs: { onLine: () => () => undefined },
  };
  const run = {
    cloud,
    resources: [
      resource("Images", "s3/bucket:Bucket"),
      resource("Queue", "sqs/queue:Queue"),
      resource("Queue-dead-letters", "sqs/queue:Queue"),
      resource("Taker", "lambda/function:Function", { role: arn("role") }),
    ],
    faults: {
      orders,
      order: (order: object) => orders.push(order),
      onStrike: (listener: typeof strike) => ((strike = listener), () => undefined),
    },
  };
  const pipeline = createPipeline(run as unknown as Run, { listening: false, send: () => undefined });
  return {
    pipeline,
    calls,
    orders,
    decide: (decision: Decided) => decide(decision),
    strike: (made: Strike) => strike(made),
    now: (): PipelineNow => pipeline.now(),
  };
}

describe("the pipeline now", () => {
  it("has messages, dead letters that are looked at too, and functions at work", () => {
    const { queues, functions } = watched().now();
    expect(queues).to.deep.equal({ Queue: { waiting: 4, inFlight: 2, dead: 3 } });
    expect(functions).to.deep.equal({ Taker: { busy: 1, lastMs: undefined } });
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
