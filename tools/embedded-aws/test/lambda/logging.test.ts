import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type LambdaTest, startLambda } from "./support";

// AWS Lambda Developer Guide, "Log and monitor Node.js Lambda functions".
describe("Lambda logs", () => {
  let test: LambdaTest;
  beforeEach(async () => (test = await startLambda()));
  afterEach(() => test.close());

  it("frame what a function prints with START, END and REPORT", async () => {
    await test.declare(
      "talker",
      `exports.handler = async () => {
        process.stdout.write("raw line\\n"); console.log("hello", { a: 1 }); process.stdout.write("no newline");
      };`,
    );
    await test.invoke("talker");
    const id = /^START RequestId: (\S+) Version: \$LATEST$/.exec(test.lines[1]!)?.[1];
    expect(test.lines[0]).to.equal("INIT_START Runtime Version: nodejs:24");
    expect(test.lines[2]).to.equal("raw line");
    expect(test.lines[3]).to.match(new RegExp(`^\\S+Z\\t${id}\\tINFO\\thello \\{ a: 1 \\}$`));
    expect(test.lines[4]).to.equal("no newline");
    expect(test.lines[5]).to.equal(`END RequestId: ${id}`);
    const report = `REPORT RequestId: ${id}\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB\tInit Duration: N ms`;
    const figures = test.lines[6]!.replace(id!, "ID").replace(/\d+(\.\d\d)?/g, "N");
    expect(figures.replace("ID", id!)).to.equal(report);
    expect(Number(/Max Memory Used: (\d+)/.exec(test.lines[6]!)?.[1])).to.be.greaterThan(20);
  });

  it("report the memory of the function, whatever the process that started it takes", async () => {
    const large = Buffer.alloc(600e6, 1);
    await test.declare("small", "exports.handler = async () => 1;");
    await test.invoke("small");
    const used = Number(/Max Memory Used: (\d+)/.exec(test.lines.at(-1)!)?.[1]);
    expect(used * 1e6).to.be.below(large.byteLength / 2);
    expect(test.announced).to.deep.equal([]);
  });

  it("have all lines before END, however many there are and whichever stream they take", async () => {
    const source = `exports.handler = async () => {
      for (let i = 0; i < 2000; i += 1) { process.stderr.write("e".repeat(60) + "\\n"); process.stdout.write("o".repeat(60) + "\\n"); }
    };`;
    await test.declare("verbose", source);
    await test.invoke("verbose");
    expect(test.lines.filter((line) => /^[eo]{60}$/.test(line))).to.have.length(4000);
    expect(test.lines.findIndex((line) => line.startsWith("END"))).to.equal(test.lines.length - 2);
  });

  it("mention the initialisation only in an environment's first report", async () => {
    await test.declare("twice", "exports.handler = async () => 1;");
    await test.invoke("twice");
    await test.invoke("twice");
    const reports = test.lines.filter((line) => line.startsWith("REPORT"));
    expect(reports.map((line) => line.includes("Init Duration"))).to.deep.equal([true, false]);
  });

  it("lie in a file per environment, under the group's name, with times", async () => {
    await test.declare("filed", "exports.handler = async (_, context) => context.logStreamName;");
    const stream = (await test.invoke("filed")).payload as string;
    const file = test.logs.fileOf("/aws/lambda/filed", stream);
    expect(file).to.contain("aws/lambda/filed");
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines).to.have.length(4);
    for (const line of lines)
      expect(line).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INIT_START|START|END|REPORT)/);
  });

  it("show the error that a handler threw, and the status of a timeout", async () => {
    await test.declare(
      "failing",
      "exports.handler = async (w) => { if (w) await new Promise(() => 0); throw new Error('why'); };",
      {
        timeoutSeconds: 1,
      },
    );
    await test.invoke("failing", false);
    await test.invoke("failing", true);
    expect(test.lines.find((line) => line.includes("Invoke Error"))).to.contain('"errorMessage":"why"');
    expect(test.lines.filter((line) => line.startsWith("REPORT")).pop()).to.match(
      /Duration: 1000.00 ms.*Status: timeout$/,
    );
  });

  it("are JSON when the function's logging configuration says so", async () => {
    await test.declare("json", "exports.handler = async () => { console.warn('careful'); console.info('quiet'); };", {
      logFormat: "JSON",
      applicationLogLevel: "WARN",
    });
    await test.invoke("json");
    const records = test.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ type, level }) => type ?? level)).to.deep.equal([
      "platform.initStart",
      "platform.start",
      "WARN",
      "platform.report",
    ]);
    expect(records[2]).to.include({ message: "careful" });
  });

  it("are lost, which is said once, when the role may not write them", async () => {
    const role = test.aws.role("mute");
    await test.declare("mute", "exports.handler = async () => 1;", { role });
    await test.invoke("mute");
    await test.invoke("mute");
    expect(test.lines).to.deep.equal([]);
    expect(test.announced).to.have.length(1);
    expect(test.announced[0]).to.contain("logs:CreateLogStream");
  });

  it("that are lost again, after they could be written for a while, are announced again", async () => {
    const role = test.aws.role("wavering");
    test.logs.declareGroup("/aws/lambda/wavering");
    await test.declare("wavering", "exports.handler = async () => 1;", { role });
    const grant = (...Action: string[]): void =>
      test.aws.iam.putRolePolicy("wavering", "logs", { Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
    await test.invoke("wavering");
    grant("logs:CreateLogStream", "logs:PutLogEvents");
    await test.invoke("wavering");
    grant("logs:CreateLogStream");
    await test.invoke("wavering");
    expect(test.announced.map((line) => /perform: (\S+)/.exec(line)?.[1])).to.deep.equal([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
  });

  it("are dropped when the group does not exist", async () => {
    const role = test.aws.role("groupless-role", [
      { Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" },
    ]);
    await test.declare("groupless", "exports.handler = async () => 1;", { role, logGroup: "elsewhere" });
    await test.invoke("groupless");
    expect(test.lines).to.deep.equal([]);
  });

  it("come with a check of the tracing grants when tracing is on", async () => {
    await test.declare("traced", "exports.handler = async () => process.env._X_AMZN_TRACE_ID;", { tracing: true });
    expect((await test.invoke("traced")).payload).to.match(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
    );
    expect(test.announced.join("\n")).to.contain("xray:PutTraceSegments");
    test.aws.iam.putRolePolicy("traced-role", "trace", {
      Statement: [{ Effect: "Allow", Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" }],
    });
    const before = test.announced.length;
    await test.invoke("traced");
    expect(test.announced).to.have.length(before);
  });
});
