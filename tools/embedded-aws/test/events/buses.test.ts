import {
  DescribeEventBusCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
} from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { createBuses, type Buses } from "../../events/buses";
import { eventsResourceTypes } from "../../events/resources";
import type { Schedules } from "../../events/schedules";
import { createSqs } from "../../sqs/sqs";
import { startTestAws, type TestAws } from "../support/aws";
import { stateOf } from "../support/stateOf";

const queueArn = "arn:aws:sqs:eu-central-1:123456789012:heard";
const busArn = "arn:aws:events:eu-central-1:123456789012:event-bus/images";
const ruleArn = "arn:aws:events:eu-central-1:123456789012:rule/images/all";
const entry = { EventBusName: "images", Source: "service", DetailType: "ready", Detail: '{"object":"a.jpg"}' };

describe("EventBridge buses", () => {
  let aws: TestAws;
  let buses: Buses;
  let sqs: ReturnType<typeof createSqs>;
  const announced: string[] = [];
  const clients: EventBridgeClient[] = [];

  beforeEach(async () => {
    aws = await startTestAws({
      services: ({ db, iam, place }) => {
        sqs = createSqs({ db, iam, place });
        buses = createBuses({ db, iam, place, sqs, announce: (line) => announced.push(line), now: () => 1.9e12 });
        return { events: buses, sqs };
      },
    });
    declare("aws:cloudwatch/eventBus:EventBus", { name: "images" });
    declare("aws:cloudwatch/eventRule:EventRule", {
      name: "all",
      eventBusName: "images",
      eventPattern: '{"source":["service"]}',
    });
  });
  afterEach(async () => {
    announced.length = 0;
    for (const client of clients.splice(0)) client.destroy();
    sqs.close();
    await aws.close();
  });

  const declare = (type: string, inputs: Record<string, unknown>) => {
    const state = stateOf(eventsResourceTypes, type, { name: "it", inputs, place: aws.place });
    const services = { buses, schedules: {} as Schedules };
    void eventsResourceTypes[type]?.apply?.(services, { type, name: "it", inputs, id: state.id, state });
    return state;
  };
  const target = (more: object = {}) =>
    declare("aws:cloudwatch/eventTarget:EventTarget", {
      rule: "all",
      eventBusName: "images",
      targetId: "t",
      arn: queueArn,
      ...more,
    });
  const queue = (sourceArn = ruleArn) => {
    const Policy = JSON.stringify({
      Statement: {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
      },
    });
    sqs.declareQueue({ name: "heard", attributes: { Policy } });
  };
  const client = (config: object = aws.config) => {
    const made = new EventBridgeClient(config);
    clients.push(made);
    return made;
  };
  const heard = async (): Promise<Record<string, unknown>[]> => {
    const principal = aws.iam.lookup(aws.config.credentials.accessKeyId)!.principal;
    const messages = await sqs.receive(queueArn, { max: 10, waitSeconds: 0, principal });
    return messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  };

  it("hand an event to the queues of the rules that it matches, in the form of AWS's documentation", async () => {
    queue();
    target();
    const Time = new Date("2030-01-01T00:00:00.500Z");
    const { Entries, FailedEntryCount } = await client().send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Time },
          { ...entry, Source: "other" },
        ],
      }),
    );
    expect(FailedEntryCount).to.equal(0);
    expect(await heard()).to.deep.equal([
      {
        version: "0",
        id: Entries?.[0]?.EventId,
        "detail-type": "ready",
        source: "service",
        account: "123456789012",
        time: "2030-01-01T00:00:00Z",
        region: "eu-central-1",
        resources: [],
        detail: { object: "a.jpg" },
      },
    ]);
  });

  it("have the ids and ARNs of AWS", () => {
    queue();
    expect(declare("aws:cloudwatch/eventBus:EventBus", { name: "images" })).to.include({ id: "images", arn: busArn });
    const rule = { name: "all", eventBusName: "images", eventPattern: '{"source":["service"]}' };
    expect(declare("aws:cloudwatch/eventRule:EventRule", rule)).to.include({ id: "images/all", arn: ruleArn });
    expect(target().id).to.equal("images-all-t");
  });

  it("are described to those who may ask", async () => {
    const describeBus = (Name: string, config?: object) => client(config).send(new DescribeEventBusCommand({ Name }));
    expect(await describeBus("images")).to.include({ Name: "images", Arn: busArn });
    expect(await describeBus(busArn)).to.include({ Name: "images" });
    const missing: unknown = await describeBus("other").catch((error: unknown) => error);
    expect(missing).to.include({ name: "ResourceNotFoundException", message: "Event bus other does not exist." });
    const other = aws.role("other", [{ Action: "events:PutEvents", Resource: busArn }]);
    const denied: unknown = await describeBus("images", aws.configFor(other)).catch((error: unknown) => error);
    expect(denied).to.have.property("message").that.contains("not authorized to perform: events:DescribeEventBus");
  });

  it("ask the queue's policy with the rule as source, and lose what it refuses", async () => {
    queue(`${ruleArn}-other`);
    target();
    await client().send(new PutEventsCommand({ Entries: [entry] }));
    expect(await heard()).to.deep.equal([]);
    expect(announced[0]).to.match(/^Rule all could not send an event to .*sqs:sendmessage/i);
  });

  it("refuse entries one by one, and requests that are not valid as a whole", async () => {
    queue();
    target();
    const entries = [{ ...entry, Detail: "[1]" }, { ...entry, DetailType: "" }, entry];
    const { Entries = [], FailedEntryCount } = await client().send(new PutEventsCommand({ Entries: entries }));
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).to.deep.equal(["MalformedDetail", "InvalidArgument", undefined]);
    expect([FailedEntryCount, (await heard()).length]).to.deep.equal([2, 1]);
    const failure = (list: object[]) =>
      client({ ...aws.config, maxAttempts: 1 })
        .send(new PutEventsCommand({ Entries: list }))
        .then(
          () => "",
          (error: unknown) => (error as Error).name,
        );
    const large = { ...entry, Detail: JSON.stringify({ text: "x".repeat(150_000) }) };
    expect(await failure([large, large])).to.equal("ValidationException");
    expect(await failure(Array.from({ length: 11 }, () => entry))).to.equal("ValidationException");
    expect(await failure([{ ...entry, EventBusName: "none" }])).to.equal("ResourceNotFoundException");
  });

  it("take events of callers who may put them on the bus", async () => {
    queue();
    target();
    const allowed = aws.role("teller", [{ Action: "events:PutEvents", Resource: busArn }]);
    await client(aws.configFor(allowed)).send(new PutEventsCommand({ Entries: [entry] }));
    const other = aws.role("other", [{ Action: "events:PutEvents", Resource: `${busArn}-other` }]);
    const denied = await client(aws.configFor(other))
      .send(new PutEventsCommand({ Entries: [entry] }))
      .catch((error: unknown) => error);
    expect(denied).to.have.property("name", "AccessDeniedException");
    expect(denied).to.have.property("message").that.contains("not authorized to perform: events:PutEvents");
  });

  it("answer 501 with the name of what is not implemented, and refuse what is not there", async () => {
    const failure = await client({ ...aws.config, maxAttempts: 1 })
      .send(new ListRulesCommand({}))
      .catch((error: unknown) => error);
    expect(failure).to.have.property("message", "The embedded AWS does not implement events:ListRules.");
    expect(() => target({ rule: "none" })).to.throw("Rule none does not exist on EventBus images.");
    expect(() => target({ arn: "arn:aws:lambda:eu-central-1:123456789012:function:f" })).to.throw("not queues");
    const bare = { name: "r", eventBusName: "none", eventPattern: '{"source":["x"]}' };
    expect(() => declare("aws:cloudwatch/eventRule:EventRule", bare)).to.throw("Event bus none does not exist.");
    expect(() => declare("aws:cloudwatch/eventRule:EventRule", { name: "r" })).to.throw("must have an EventPattern");
  });
});
