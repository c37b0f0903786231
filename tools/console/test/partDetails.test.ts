import { expect } from "chai";

import { detailsOf } from "../partDetails";

type Resource = Parameters<typeof detailsOf>[0];
type Known = Parameters<typeof detailsOf>[1];

const arn = (name: string): string => `arn:aws:x:eu-west-1:000000000000:${name}`;
const resource = (name: string, type: string, given: object, state: object = {}) =>
  ({
    name,
    type: `aws:${type}`,
    id: `${name}-1`,
    given,
    state: { arn: arn(name), ...given, ...state },
  }) as unknown as Resource;
const policy = (holder: string, name: string): Known["policies"][number] => ({
  source: "identity",
  holder,
  name,
  document: { Statement: [] },
});

const api = resource("Api", "apigateway/restApi:RestApi", { body: `{"role":"${arn("upload-role")}"}`, name: "{api" });
const stage = resource("stage", "apigateway/stage:Stage", {
  restApi: "Api-1",
  accessLogSettings: { destinationArn: "arn:aws:logs:eu-west-1:000000000000:log-group:access" },
});
const queue = resource("Queue", "sqs/queue:Queue", { visibilityTimeoutSeconds: 60 }, { url: "https://queue" });
const worker = resource(
  "Taker",
  "lambda/function:Function",
  { code: "a long bundle", memorySize: 512 },
  { role: arn("taker-role"), loggingConfig: { logGroup: "log" } },
);
const resources = [
  api,
  stage,
  queue,
  worker,
  resource("queue-policy", "sqs/queuePolicy:QueuePolicy", { queueUrl: "https://queue" }),
  resource("permission", "lambda/permission:Permission", { functionName: "Taker-1" }),
  resource("mapping", "lambda/eventSourceMapping:EventSourceMapping", {
    functionName: arn("Taker"),
    eventSourceArn: arn("Queue"),
  }),
];
const policies = [
  policy(arn("taker-role"), "ReadPolicy"),
  policy(arn("upload-role"), "UploadPolicy"),
  policy(arn("Queue"), "queue policy"),
];
const events: Record<string, number> = { log: 3, access: 60 };
const details = (of: Resource) =>
  detailsOf(of, {
    resources,
    policies,
    logs: {
      eventsOf: (group) =>
        Array.from({ length: events[group] ?? 0 }, (_, index) => ({
          stream: "",
          timestamp: index,
          message: `${index}`,
        })),
    },
    read: (group, time, text) => (text === "1" ? undefined : { time, from: group, level: "INFO", text }),
  });

describe("the details of a part", () => {
  it("have its settings, and those of the resources that belong to it, without bundles and policies", () => {
    expect(details(worker).settings).to.deep.equal([
      { name: "Taker", values: { memorySize: 512 } },
      { name: "mapping", values: { functionName: arn("Taker"), eventSourceArn: arn("Queue") } },
    ]);
    expect(details(queue).settings.map(({ name }) => name)).to.deep.equal(["Queue", "mapping"]);
  });

  it("show documents as what they hold", () => {
    const [own, beside] = details(api).settings;
    expect(own?.values).to.deep.equal({ body: { role: arn("upload-role") }, name: "{api" });
    expect(beside?.name).to.equal("stage");
  });

  it("have the policies of its role, or those about it", () => {
    const named = (of: Resource) => details(of).policies.map(({ name }) => name);
    expect([worker, api, queue].map(named)).to.deep.equal([["ReadPolicy"], ["UploadPolicy"], ["queue policy"]]);
  });

  it("have the newest lines of its log, the last one first, where it has a log", () => {
    expect(details(worker).lines?.map(({ text }) => text)).to.deep.equal(["2", "0"]);
    const access = details(api).lines ?? [];
    expect([access.length, access[0]?.text, access[0]?.from]).to.deep.equal([50, "59", "access"]);
    expect(details(queue)).not.to.have.property("lines");
  });
});
