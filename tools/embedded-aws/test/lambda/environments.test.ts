import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type LambdaTest, startLambda } from "./support";

const waiting =
  "exports.handler = async () => { console.log('begun'); await new Promise((r) => setTimeout(r, 60000)); };";

describe("Lambda execution environments", () => {
  let test: LambdaTest;
  afterEach(() => test.close());

  /** Resolves when the function has printed the line. */
  const printed = (text: string): Promise<void> =>
    new Promise((resolve) => {
      if (test.lines.some((line) => line.includes(text))) resolve();
      const end = test.logs.onLine((_group, line) => {
        if (!line.includes(text)) return;
        end();
        resolve();
      });
    });

  it("are as many as run at once, up to one more than the limit of the background; the rest wait", async () => {
    test = await startLambda({ maxConcurrent: 2 });
    await test.declare(
      "slow",
      "exports.handler = async () => { await new Promise((r) => setTimeout(r, 50)); return process.pid; };",
    );
    const pids = (await Promise.all(Array.from({ length: 6 }, () => test.invoke("slow")))).map(
      ({ payload }) => payload,
    );
    expect(new Set(pids).size).to.equal(3);
  });

  it("serve a caller at once, however much runs in the background", async () => {
    test = await startLambda({ maxConcurrent: 2 });
    const arn = await test.declare("slow", waiting);
    await test.declare("quick", "exports.handler = async () => 'at once';");
    const running = ["image", "another", "and one that waits"].map((image) =>
      test.lambda.run(arn, image).catch(() => undefined),
    );
    await printed("begun");
    expect((await test.invoke("quick")).payload).to.equal("at once");
    await test.lambda.close();
    await Promise.all(running);
  });

  it("are replaced before the credentials of their role expire", async () => {
    let later = 0;
    test = await startLambda({ now: () => Date.now() + later });
    await test.declare("signer", "exports.handler = async () => process.pid;");
    const { payload: first } = await test.invoke("signer");
    expect((await test.invoke("signer")).payload).to.equal(first);
    later = 11.8 * 60 * 60_000;
    expect((await test.invoke("signer")).payload).to.not.equal(first);
  });

  it("end after they were idle for long", async () => {
    test = await startLambda({ idleMs: 10 });
    await test.declare("brief", "exports.handler = async () => 1;");
    await test.invoke("brief");
    while (test.lambda.environments().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("are limited by reserved concurrency, which throttles", async () => {
    test = await startLambda();
    await test.declare("reserved", waiting, { reservedConcurrency: 1 });
    const first = test.invoke("reserved").catch(() => undefined);
    await printed("begun");
    const error = await test.invoke("reserved").catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "TooManyRequestsException", status: 429 });
    await test.lambda.close();
    await first;
  });

  it("are killed at random as a fault, the busy ones first", async () => {
    test = await startLambda();
    await test.declare("idle", "exports.handler = async () => 1;");
    await test.declare("busy", waiting);
    expect(test.lambda.killEnvironment()).to.equal(undefined);
    await test.invoke("idle");
    const running = test.invoke("busy");
    await printed("begun");
    expect(test.lambda.killEnvironment("arn:aws:iam::000000000000:role/another")).to.equal(undefined);
    expect(test.lambda.killEnvironment()).to.equal("busy");
    const { functionError, payload } = await running;
    expect(functionError).to.equal("Unhandled");
    expect((payload as { errorMessage: string }).errorMessage).to.match(/Runtime exited with error: signal: killed$/);
    expect((await test.invoke("idle")).payload).to.equal(1);
  });

  it("end when the service is closed; what runs or waits fails", async () => {
    test = await startLambda({ maxConcurrent: 1 });
    const arn = await test.declare("endless", waiting);
    const running = test.lambda.run(arn, {});
    const queued = test.lambda.run(arn, {}).catch((error: unknown) => error);
    await printed("begun");
    await test.lambda.close();
    expect((await running).functionError).to.equal("Unhandled");
    expect(await queued).to.include({ code: "ServiceException" });
    expect(test.lambda.environments()).to.deep.equal([]);
    expect(await test.invoke("endless").catch((error: unknown) => error)).to.include({ code: "ServiceException" });
  });

  for (const [how, afterwards] of [
    ["waits", "await new Promise((resolve) => setTimeout(resolve, 60000));"],
    ["computes without a pause", "while (true);"],
  ] as const) {
    it(`die with a parent that is killed, also when the function ${how}`, async () => {
      test = await startLambda();
      const dir = mkdtempSync(join(tmpdir(), "orphan-"));
      const parent: ChildProcess = fork(join(__dirname, "orphanParent.ts"), [dir, afterwards], {
        execArgv: ["--disable-warning=ExperimentalWarning", "-r", "ts-node/register"],
      });
      const [pid] = (await once(parent, "message")) as [number];
      expect(isAlive(pid)).to.equal(true);
      parent.kill("SIGKILL");
      await once(parent, "exit");
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
      rmSync(dir, { recursive: true });
    });
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
