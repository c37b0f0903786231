import { expect } from "chai";
import { workOf, type Seen } from "../../cost/work";

const call = (action: string, context: Seen["decisions"][number]["context"] = {}, by = "Storer") => ({
  action,
  context,
  by,
});
const lines = [
  '{"time":"…","type":"platform.start","record":{}}',
  '{"level":"INFO","message":"a.jpg: stored"}',
  '{"_aws":{"CloudWatchMetrics":[]}}',
  '{"time":"…","type":"platform.report","record":{}}',
].map((line) => ({ line, by: "Storer" }));

describe("the work of one image", () => {
  it("has the read of a copy's source within the copy", () => {
    const copy = { "s3:x-amz-copy-source": "uploads/images/a.jpg" };
    const decisions = [
      call("s3:GetObjectVersion"),
      call("s3:GetObjectVersion"),
      call("s3:PutObject", copy),
      call("s3:PutObject", { "s3:x-amz-copy-source": null }, "Maker"),
    ];
    const path = workOf({ images: 1, decisions, lines: [], cpu: new Map() });
    expect(path.Storer?.calls).to.deep.equal({ "s3:GetObjectVersion": 1, "s3:PutObject": 1 });
    expect(path.Maker?.calls).to.deep.equal({ "s3:PutObject": 1 });
  });

  it("tells the invocations, and the lines that each of them writes once", () => {
    const { Storer } = workOf({ images: 1, decisions: [], lines, cpu: new Map([["Storer", 30]]) });
    const bytes = lines.map(({ line }) => Buffer.byteLength(line) + 26);
    const [start = 0, stored = 0, metrics = 0, report = 0] = bytes;
    expect(Storer).to.deep.equal({
      cpuMs: 30,
      invocations: 1,
      calls: {},
      logBytes: start + stored + metrics + report,
      invocationLogBytes: start + metrics + report,
    });
  });

  it("is a share of what was seen", () => {
    const cpu = new Map([["Storer", 30]]);
    const decisions = [call("sqs:SendMessage"), call("sqs:SendMessage"), call("dynamodb:GetItem")];
    const path = workOf({ images: 2, decisions, lines: [], cpu });
    expect(path.Storer).to.deep.include({ cpuMs: 15, calls: { "sqs:SendMessage": 1, "dynamodb:GetItem": 0.5 } });
  });
});
