import { Readable } from "node:stream";
import { expect } from "chai";
import type { AwsRequest } from "../../http/wireService";
import { createLogs } from "../../logs/logs";
import { createLogsWire } from "../../logs/wire";
import { startTestAws, type TestAws } from "../support/aws";

// FilterLogEvents (CloudWatch Logs API reference); authorised on the group: Service Authorization Reference.
describe("CloudWatch Logs' FilterLogEvents", () => {
  let aws: TestAws;
  let now = 0;
  let ask: (input: object, operation?: string, principal?: AwsRequest["principal"]) => Promise<Record<string, unknown>>;
  beforeEach(async () => {
    aws = await startTestAws({ services: () => ({}) });
    const logs = createLogs({ dir: aws.dir, iam: aws.iam, place: aws.place, now: () => now });
    const owner = aws.iam.lookup(aws.iam.owner.accessKeyId)!.principal;
    logs.declareGroup("/app/one");
    const write = (at: number, stream: string, ...lines: string[]) => {
      now = at;
      logs.write("/app/one", stream, lines, owner);
    };
    write(1000, "a", "photo.jpg: stored", 'a "quoted" word');
    write(3000, "a", "other.jpg: stored");
    write(2000, "b", "photo.jpg: ready");
    const wire = createLogsWire({ logs, iam: aws.iam, place: aws.place });
    ask = async (input, operation = "FilterLogEvents", principal = owner) => {
      const { status, body } = await wire.handle({
        service: "logs",
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        headers: { "x-amz-target": `Logs_20140328.${operation}` },
        body: Readable.from([Buffer.from(JSON.stringify(input))]),
        principal,
        requestId: "1",
        secure: true,
      });
      return { status, ...(JSON.parse(body as string) as Record<string, unknown>) };
    };
  });
  afterEach(() => aws.close());

  const messages = ({ events }: Record<string, unknown>) =>
    (events as { timestamp: number; message: string }[]).map(({ timestamp, message }) => `${timestamp} ${message}`);

  it("gives the lines of all streams by their time", async () => {
    expect(messages(await ask({ logGroupName: "/app/one" }))).to.deep.equal([
      "1000 photo.jpg: stored",
      '1000 a "quoted" word',
      "2000 photo.jpg: ready",
      "3000 other.jpg: stored",
    ]);
  });

  it("chooses by a quoted text and by time", async () => {
    const input = { logGroupName: "/app/one", filterPattern: '"photo.jpg"' };
    expect(messages(await ask(input))).to.deep.equal(["1000 photo.jpg: stored", "2000 photo.jpg: ready"]);
    expect(messages(await ask({ ...input, startTime: 1500 }))).to.deep.equal(["2000 photo.jpg: ready"]);
    expect(messages(await ask({ ...input, endTime: 2000 }))).to.deep.equal(["1000 photo.jpg: stored"]);
    expect(messages(await ask({ ...input, filterPattern: '"\\"quoted\\""' }))).to.deep.equal(['1000 a "quoted" word']);
  });

  it("chooses by any of several quoted texts, with a question mark before each", async () => {
    const input = { logGroupName: "/app/one", filterPattern: '?"other.jpg" ?"\\"quoted\\""' };
    expect(messages(await ask(input))).to.deep.equal(['1000 a "quoted" word', "3000 other.jpg: stored"]);
  });

  it("gives pages", async () => {
    const first = await ask({ logGroupName: "/app/one", limit: 3 });
    expect(messages(first)).to.have.length(3);
    const second = await ask({ logGroupName: "/app/one", limit: 3, nextToken: first.nextToken });
    expect(messages(second)).to.deep.equal(["3000 other.jpg: stored"]);
    expect(second).not.to.have.property("nextToken");
  });

  it("knows no group that was not declared", async () => {
    expect(await ask({ logGroupName: "/app/none" })).to.include({
      status: 400,
      __type: "ResourceNotFoundException",
    });
  });

  it("needs the grant on the group", async () => {
    const role = aws.role("reader", [
      { Action: "logs:FilterLogEvents", Resource: "arn:aws:logs:eu-central-1:123456789012:log-group:/app/two:*" },
    ]);
    const reader = aws.iam.lookup(aws.iam.credentialsOf(role).accessKeyId)!.principal;
    const refused = await ask({ logGroupName: "/app/one" }, "FilterLogEvents", reader);
    expect(refused.__type).to.match(/#AccessDeniedException$/);
  });

  it("answers 501 to other operations, inputs and patterns", async () => {
    for (const [input, operation] of [
      [{ logGroupName: "/app/one" }, "GetLogEvents"],
      [{ logGroupName: "/app/one", interleaved: true }, "FilterLogEvents"],
      [{ logGroupName: "/app/one", filterPattern: "?a ?b" }, "FilterLogEvents"],
      [{ logGroupName: "/app/one", filterPattern: '"a" "b"' }, "FilterLogEvents"],
    ] as const)
      expect((await ask(input, operation)).status).to.equal(501);
  });
});
