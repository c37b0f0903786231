import { expect } from "chai";

import { createFaults, parseFaults, type Strike } from "../injectedFaults";
import type { Call } from "../http/server";

describe("parseFaults", () => {
  it("reads rates, none where nothing is said", () => {
    expect(parseFaults("kill=5")).to.deep.equal({ throttle: 0, error: 0, duplicate: 0, kill: 5 });
    expect(
      parseFaults("throttle=2.5, error=100,duplicate=10,kill=86400,answer=3,lose=1,retry=0.2,concurrency=10"),
    ).to.deep.equal({
      throttle: 2.5,
      error: 100,
      duplicate: 10,
      kill: 86_400,
      answer: 3,
      lose: 1,
      retry: 0.2,
      concurrency: 10,
    });
  });

  for (const bad of [
    "",
    "error",
    "error=",
    "error=-1",
    "error=101",
    "flood=3",
    "error=1,",
    "kill=86401",
    "lose=101",
    "retry=1e9",
    "concurrency=1001",
  ]) {
    it(`refuses "${bad}"`, () => {
      const part = bad.split(",").at(-1) ?? "";
      expect(() => parseFaults(bad))
        .to.throw(`got "${part}"`)
        .with.property("message")
        .that.includes("throttle=2");
    });
  }
});

describe("createFaults", () => {
  const rates = { throttle: 10, error: 20, duplicate: 30, kill: 0 };
  const call = (service: string, kind = "role") => ({ service, principal: { kind } }) as unknown as Call;
  /** Faults whose dice show these numbers. */
  const faultsWith = (...dice: number[]) => createFaults(rates, () => dice.shift() ?? 1);

  for (const [service, code, status] of [
    ["s3", "SlowDown", 503],
    ["dynamodb", "ThrottlingException", 400],
    ["sqs", "RequestThrottled", 403],
  ] as const) {
    it(`throttle ${service} as it does itself`, () => {
      expect(() => faultsWith(0.099).onCall(call(service)))
        .to.throw()
        .that.includes({ code, status });
    });
  }

  it("fail calls before they take effect, as often as they should, and count", () => {
    const faults = faultsWith(0.1, 0.199, 0.1, 0.2);
    expect(() => faults.onCall(call("s3")))
      .to.throw()
      .that.includes({ code: "InternalError", status: 500 });
    faults.onCall(call("s3"));
    expect(faults.struck).to.deep.equal({ throttle: 0, error: 1, duplicate: 0, kill: 0, answer: 0, lose: 0 });
  });

  it("strike functions alone", () => {
    faultsWith(0, 0).onCall(call("s3", "owner"));
  });

  it("deliver messages twice", () => {
    const faults = faultsWith(0.299, 0.3);
    expect([faults.duplicate("queue"), faults.duplicate("queue")]).to.deep.equal([true, false]);
  });

  it("lose notifications, and none unless they are told to", () => {
    expect(faultsWith(0).lose()).to.equal(false);
    const dice = [0.049, 0.05];
    const faults = createFaults({ ...rates, lose: 5 }, () => dice.shift() ?? 1);
    expect([faults.lose(), faults.lose()]).to.deep.equal([true, false]);
    expect(faults.struck.lose).to.equal(1);
  });

  it("kill functions until they are stopped", async () => {
    const faults = createFaults({ ...rates, kill: 0.001 });
    let kills = 0;
    await new Promise<void>((resolve) => {
      const stop = faults.startKilling({
        killEnvironment: () => {
          if (++kills < 3) return kills === 1 ? undefined : "f";
          stop();
          resolve();
          return "f";
        },
      });
    });
    expect(faults.struck.kill).to.equal(2);
    createFaults(rates).startKilling({ killEnvironment: () => expect.fail() })();
  });

  it("lose answers of functions' calls, and none unless they are told to", () => {
    expect(faultsWith(0).losesAnswer(call("s3"))).to.equal(false);
    const dice = [0.049, 0.05];
    const faults = createFaults({ ...rates, answer: 5 }, () => dice.shift() ?? 1);
    expect([0, 1].map(() => faults.losesAnswer(call("s3")))).to.deep.equal([true, false]);
    expect(faults.losesAnswer(call("s3", "user"))).to.equal(false);
    expect(faults.struck.answer).to.equal(1);
  });
});

describe("ordered faults", () => {
  const never = { throttle: 0, error: 0, duplicate: 0, kill: 0 };
  const call = (method: string, of = "role", operation?: string) =>
    ({ service: "s3", method, path: "/b/k", operation, principal: { kind: "role", arn: of } }) as unknown as Call;

  it("strike the calls of one role as often as they are to, and are told", () => {
    const faults = createFaults(never);
    const strikes: Strike[] = [];
    const end = faults.onStrike((strike) => strikes.push(strike));
    faults.order({ kind: "throttle", of: "role", times: 2 });
    faults.onCall(call("GET", "another"));
    expect(faults.orders).to.deep.equal([{ kind: "throttle", of: "role", times: 2 }]);
    for (const method of ["GET", "PUT"])
      expect(() => faults.onCall(call(method)))
        .to.throw()
        .that.includes({ status: 503 });
    faults.onCall(call("GET"));
    expect(faults.orders).to.deep.equal([]);
    expect(strikes).to.deep.equal([
      { kind: "throttle", of: "role", call: "s3:GET /b/k" },
      { kind: "throttle", of: "role", call: "s3:PUT /b/k" },
    ]);
    end();
    faults.order({ kind: "throttle", of: "role", times: 1 });
    expect(() => faults.onCall(call("GET"))).to.throw();
    expect(strikes).to.have.length(2);
  });

  it("kill the function that is about to write", () => {
    const faults = createFaults(never);
    const killed: (string | undefined)[] = [];
    faults.startKilling({ killEnvironment: (role) => (killed.push(role), "f") });
    faults.order({ kind: "kill", of: "role", times: 1 });
    for (const reads of [call("GET"), call("POST", "role", "GetItem"), call("POST", "role", "Query")])
      faults.onCall(reads);
    expect(killed).to.deep.equal([]);
    faults.onCall(call("POST", "role", "UpdateItem"));
    faults.onCall(call("PUT"));
    expect(killed).to.deep.equal(["role"]);
  });

  it("lose the answer of one write", () => {
    const faults = createFaults(never);
    faults.order({ kind: "answer", of: "role", times: 1 });
    expect(["GET", "PUT", "PUT"].map((method) => faults.losesAnswer(call(method)))).to.deep.equal([false, true, false]);
  });

  it("deliver a queue's next message twice", () => {
    const faults = createFaults(never);
    faults.order({ kind: "duplicate", of: "queue", times: 1 });
    expect(["other", "queue", "queue"].map((queue) => faults.duplicate(queue))).to.deep.equal([false, true, false]);
  });

  it("have failed messages come again soon, where no other time is set", () => {
    const [usual, set] = [createFaults(never), createFaults({ ...never, retry: 0.5 })];
    expect(usual.retrySeconds()).to.equal(undefined);
    for (const faults of [usual, set]) faults.order({ kind: "kill", of: "role", times: 1 });
    expect([usual.retrySeconds(), set.retrySeconds()]).to.deep.equal([2, 0.5]);
  });
});
