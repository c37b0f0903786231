import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { archiveOf, type LambdaTest, startLambda } from "./support";

// Expected answers: AWS Lambda Developer Guide, "Node.js" runtime, "Function invocation errors" and "Environment variables".
describe("Lambda invocations", () => {
  let test: LambdaTest;
  before(async () => (test = await startLambda()));
  after(() => test.close());

  it("run the handler with the event and answer what it returns", async () => {
    await test.declare("echo", "exports.handler = async (event) => ({ got: event });");
    expect(await test.invoke("echo", { a: [1, "ü"] })).to.deep.equal({ payload: { got: { a: [1, "ü"] } } });
  });

  it("answer null for nothing", async () => {
    await test.declare("nothing", "exports.handler = async () => undefined;");
    expect((await test.invoke("nothing")).payload).to.equal(null);
  });

  it("load the handler once per execution environment", async () => {
    await test.declare("counter", "let n = 0; exports.handler = async () => ({ n: ++n, pid: process.pid });");
    const first = (await test.invoke("counter")).payload as { n: number; pid: number };
    const second = (await test.invoke("counter")).payload;
    expect(first.n).to.equal(1);
    expect(second).to.deep.equal({ n: 2, pid: first.pid });
  });

  it("find a nested handler in a nested file", async () => {
    const code = archiveOf({ "src/app.js": "exports.api = { get: async () => 'nested' };" });
    await test.declare("nested", "", { code, handler: "src/app.api.get" });
    expect((await test.invoke("nested")).payload).to.equal("nested");
  });

  it("run ES modules", async () => {
    const code = archiveOf({ "app.mjs": "export const handler = async () => import.meta.url.slice(-7);" });
    await test.declare("module", "", { code, handler: "app.handler" });
    expect((await test.invoke("module")).payload).to.equal("app.mjs");
  });

  it("have Lambda's context", async () => {
    await test.declare(
      "context",
      `exports.handler = async (_, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() });`,
      { timeoutSeconds: 7 },
    );
    const context = (await test.invoke("context")).payload as Record<string, unknown>;
    expect(context).to.deep.include({
      functionName: "context",
      functionVersion: "$LATEST",
      memoryLimitInMB: "512",
      invokedFunctionArn: test.arn("context"),
      logGroupName: "/aws/lambda/context",
    });
    expect(context.awsRequestId).to.match(/^[0-9a-f-]{36}$/);
    expect(context.logStreamName).to.match(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(context.remaining).to.be.within(1, 7000);
  });

  it("see exactly Lambda's environment and the function's variables", async () => {
    process.env.SECRET_OF_THE_PARENT = "leaked";
    await test.declare("environment", "exports.handler = async () => process.env;", { environment: { MINE: "1" } });
    const seen = (await test.invoke("environment")).payload as Record<string, string>;
    delete process.env.SECRET_OF_THE_PARENT;
    delete seen.NODE_V8_COVERAGE; // Node hands this on by itself when coverage is measured.
    expect(seen).to.include({
      MINE: "1",
      TZ: ":UTC",
      AWS_REGION: "eu-central-1",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_LAMBDA_FUNCTION_NAME: "environment",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      _HANDLER: "__index.handler",
      AWS_ENDPOINT_URL: test.aws.url,
      AWS_ENDPOINT_URL_S3: test.aws.url,
      AWS_ENDPOINT_URL_SQS: test.aws.url,
      AWS_ACCESS_KEY_ID: test.aws.iam.credentialsOf("arn:aws:iam::123456789012:role/environment-role").accessKeyId,
    });
    const known = /^(MINE|PATH|LANG|TZ|_HANDLER|LAMBDA_TASK_ROOT|NODE_PATH|AWS_[A-Z0-9_]+)$/;
    expect(Object.keys(seen).filter((name) => !known.test(name))).to.deep.equal([]);
  });

  it("find packages in layers, and none that only happen to be installed around the data folder", async () => {
    const layer = "arn:aws:lambda:eu-central-1:123456789012:layer:packages:1";
    const code = archiveOf({ "nodejs/node_modules/snail/index.js": "module.exports = 'from the layer';" });
    await test.lambda.declareLayer({ arn: layer, code });
    const around = join(test.aws.dir, "node_modules", "around");
    mkdirSync(around, { recursive: true });
    writeFileSync(join(around, "index.js"), "module.exports = 'from around';");
    const source = `exports.handler = async () => {
      try { return require("around"); } catch { return require("snail"); }
    };`;
    await test.declare("layered", source, { layers: [layer] });
    expect((await test.invoke("layered")).payload).to.equal("from the layer");
  });

  it("run side by side in environments of their own", async () => {
    await test.declare(
      "parallel",
      "exports.handler = async () => { await new Promise((r) => setTimeout(r, 100)); return process.pid; };",
    );
    const pids = (await Promise.all([test.invoke("parallel"), test.invoke("parallel")])).map(({ payload }) => payload);
    expect(new Set(pids).size).to.equal(2);
  });

  it("use new code after an update", async () => {
    await test.declare("updated", "exports.handler = async () => 'old';");
    expect((await test.invoke("updated")).payload).to.equal("old");
    await test.declare("updated", "exports.handler = async () => 'new';");
    expect((await test.invoke("updated")).payload).to.equal("new");
  });

  describe("that fail", () => {
    it("answer a thrown error with type, message and trace", async () => {
      await test.declare("thrower", "exports.handler = async () => { throw new RangeError('too far'); };");
      const { functionError, payload } = await test.invoke("thrower");
      expect(functionError).to.equal("Unhandled");
      expect(payload).to.include({ errorType: "RangeError", errorMessage: "too far" });
      expect((payload as { trace: string[] }).trace[0]).to.equal("RangeError: too far");
    });

    for (const [what, source, errorType] of [
      ["code that cannot be loaded", "require('not-there');", "Runtime.ImportModuleError"],
      ["broken syntax", "exports.handler = async () => {", "Runtime.UserCodeSyntaxError"],
      ["a missing export", "exports.other = 1;", "Runtime.HandlerNotFound"],
      ["a callback-style handler", "exports.handler = (a, b, done) => done();", "Runtime.CallbackHandlerDeprecated"],
      ["an error at load", "throw new TypeError('at load');", "TypeError"],
      ["an answer that is not JSON", "exports.handler = async () => 1n;", "Runtime.MarshalError"],
      ["an answer over 6 MB", "exports.handler = async () => 'x'.repeat(7e6);", "Function.ResponseSizeTooLarge"],
      [
        "an unhandled rejection",
        "exports.handler = () => { Promise.reject(new Error('lost')); return new Promise(() => 0); };",
        "Runtime.UnhandledPromiseRejection",
      ],
      [
        "an exception outside the handler's promise",
        "exports.handler = () => { setTimeout(() => { throw new SyntaxError('late'); }); return new Promise(() => 0); };",
        "SyntaxError",
      ],
      ["a process that ends itself", "exports.handler = async () => process.exit(3);", "Runtime.ExitError"],
    ] as const) {
      it(`answer ${what} as ${errorType}`, async () => {
        await test.declare("broken", source);
        const { functionError, payload } = await test.invoke("broken");
        expect(functionError).to.equal("Unhandled");
        expect(payload).to.include({ errorType });
      });
    }

    it("say how a process ended", async () => {
      await test.declare("exits", "exports.handler = async (code) => process.exit(code);");
      const message = async (code: number) =>
        ((await test.invoke("exits", code)).payload as { errorMessage: string }).errorMessage;
      expect(await message(3)).to.match(/^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/);
      expect(await message(0)).to.match(/Runtime exited without providing a reason$/);
    });

    it("are stopped at the function's timeout, even in an endless loop, and the next gets a new environment", async () => {
      const source = `let n = 0; exports.handler = async (loop) => { n += 1; while (loop); return { n }; };`;
      await test.declare("looper", source, { timeoutSeconds: 1 });
      expect((await test.invoke("looper", false)).payload).to.deep.equal({ n: 1 });
      const { functionError, payload } = await test.invoke("looper", true);
      expect(functionError).to.equal("Unhandled");
      expect((payload as { errorType: string }).errorType).to.equal("Sandbox.Timedout");
      expect((payload as { errorMessage: string }).errorMessage).to.match(/Task timed out after 1\.00 seconds$/);
      expect((await test.invoke("looper", false)).payload).to.deep.equal({ n: 1 });
    });

    it("do not harm the next invocation when the process dies of them", async () => {
      const source = `exports.handler = (bad) => bad ? new Promise(() => Promise.reject(new Error("x"))) : "fine";`;
      await test.declare("mortal", source);
      await test.invoke("mortal", true);
      expect((await test.invoke("mortal", false)).payload).to.equal("fine");
    });

    it("leave an environment usable after an error of the handler", async () => {
      const source = `let n = 0; exports.handler = async (bad) => { n += 1; if (bad) throw new Error("bad"); return n; };`;
      await test.declare("resilient", source);
      await test.invoke("resilient", true);
      expect((await test.invoke("resilient", false)).payload).to.equal(2);
    });
  });
});
