import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createLogs } from "../../logs/logs";
import { logsResourceTypes } from "../../logs/resources";
import { startTestAws, type TestAws } from "../support/aws";
import { stateOf } from "../support/stateOf";

// CreateLogStream and PutLogEvents are authorised on the log stream's ARN: Service Authorization Reference, CloudWatch Logs.
describe("CloudWatch logs", () => {
  let aws: TestAws;
  let logs: ReturnType<typeof createLogs>;
  beforeEach(async () => {
    aws = await startTestAws({ services: () => ({}) });
    logs = createLogs({ dir: aws.dir, iam: aws.iam, place: aws.place, now: () => Date.UTC(2026, 0, 31, 12) });
    logs.declareGroup("/app/one");
  });
  afterEach(() => aws.close());

  const principalOf = (name: string, actions: string[], resource: string) => {
    const role = aws.role(name, [{ Action: actions, Resource: resource }]);
    return aws.iam.lookup(aws.iam.credentialsOf(role).accessKeyId)!.principal;
  };
  const both = ["logs:CreateLogStream", "logs:PutLogEvents"];
  const streams = (group: string): string => `arn:aws:logs:eu-central-1:123456789012:log-group:${group}:*`;

  it("append lines with their time to a file of group and stream", () => {
    const writer = principalOf("writer", both, streams("/app/one"));
    logs.write("/app/one", "2026/01/31/[$LATEST]abc", ["first", "second"], writer);
    logs.write("/app/one", "2026/01/31/[$LATEST]abc", ["third"], writer);
    const file = join(aws.dir, "app", "one", "2026-01-31-[$LATEST]abc.log");
    expect(logs.fileOf("/app/one", "2026/01/31/[$LATEST]abc")).to.equal(file);
    expect(readFileSync(file, "utf8")).to.equal(
      ["first", "second", "third"].map((line) => `2026-01-31T12:00:00.000Z ${line}\n`).join(""),
    );
  });

  it("tell who listens the time that they keep with a line", () => {
    let now = 1_000;
    logs = createLogs({ dir: aws.dir, iam: aws.iam, place: aws.place, now: () => (now += 1) });
    logs.declareGroup("/app/one");
    const heard: unknown[] = [];
    logs.onLine((_group, message, timestamp) => heard.push({ stream: "s", timestamp, message }));
    logs.write("/app/one", "s", ["first", "second"], principalOf("teller", both, streams("/app/one")));
    expect(heard).to.deep.equal(logs.eventsOf("/app/one"));
  });

  it("need both grants, on the group's streams", () => {
    for (const action of both) {
      const half = principalOf(`half-${action.slice(5)}`, [action], streams("/app/one"));
      expect(() => logs.write("/app/one", `half-${action.slice(5)}`, ["x"], half)).to.throw(/not authorized/);
    }
    const elsewhere = principalOf("elsewhere", both, streams("/app/two"));
    expect(() => logs.write("/app/one", "s", ["x"], elsewhere)).to.throw(/not authorized/);
  });

  it("drop what is written to a group that does not exist", () => {
    const lines: string[] = [];
    logs.onLine((_group, line) => void lines.push(line));
    logs.write("/app/none", "s", ["x"], principalOf("any", both, "*"));
    expect(lines).to.deep.equal([]);
  });

  it("stay inside their folder whatever the names are", () => {
    expect(logs.fileOf("../../x", "../y")).to.equal(join(aws.dir, "_..", "_..", "x", "..-y.log"));
  });

  it("are declared as log groups with AWS's ARN", async () => {
    const resourceType = logsResourceTypes["aws:cloudwatch/logGroup:LogGroup"]!;
    const inputs = { name: "/app/two", retentionInDays: 14 };
    const state = stateOf(logsResourceTypes, "aws:cloudwatch/logGroup:LogGroup", {
      name: "two",
      inputs,
      place: aws.place,
    });
    expect(state).to.include({
      id: "/app/two",
      arn: "arn:aws:logs:eu-central-1:123456789012:log-group:/app/two",
      retentionInDays: 14,
    });
    await resourceType.apply?.({ logs }, { type: "", name: "two", inputs, id: state.id, state });
    const lines: string[] = [];
    logs.onLine((_group, line) => void lines.push(line));
    logs.write("/app/two", "s", ["x"], principalOf("two", both, streams("/app/two")));
    expect(lines).to.deep.equal(["x"]);
  });
});
