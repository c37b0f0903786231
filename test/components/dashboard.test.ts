import Ajv from "ajv";
import { expect } from "chai";

import { dashboardBody, type Watched } from "../../components/dashboardBody";

const watched: Watched = {
  region: "eu-west-1",
  namespace: "SnailImages/test",
  functions: { RawImagePutProcess: "RawImagePutProcess-1234567" },
  logGroups: { RawImagePutProcess: "RawImagePutProcess-log-1234567", SweepProcess: "SweepProcess-log-1234567" },
  queues: [{ label: "PutRawImageQueue", name: "PutRawImageQueue-1", deadLetters: "PutRawImageQueue-dead-letters-1" }],
  apiName: "ImageApi-1234567",
  stageName: "test",
  table: "ImageMetadata-1234567",
  alarms: ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:one"],
  latencyObjectiveSeconds: 30,
};

/**
 * The parts of the documented structure that the body uses; other properties are refused.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
const properties = {
  metric: {
    type: "object",
    required: ["region", "metrics"],
    additionalProperties: false,
    properties: {
      title: { type: "string" },
      region: { type: "string" },
      view: { enum: ["timeSeries", "singleValue", "gauge", "bar", "pie", "table"] },
      stacked: { type: "boolean" },
      period: { type: "integer", multipleOf: 60 },
      metrics: {
        type: "array",
        minItems: 1,
        maxItems: 500,
        items: {
          oneOf: [
            {
              type: "array",
              minItems: 1,
              maxItems: 1,
              items: {
                type: "object",
                required: ["expression"],
                additionalProperties: false,
                properties: {
                  expression: { type: "string" },
                  label: { type: "string" },
                  id: { type: "string", pattern: "^[a-z][a-zA-Z0-9_]*$" },
                },
              },
            },
            {
              type: "array",
              minItems: 2,
              items: {
                anyOf: [
                  { type: "string" },
                  {
                    type: "object",
                    additionalProperties: false,
                    properties: {
                      stat: {
                        type: "string",
                        pattern: "^(SampleCount|Average|Sum|Minimum|Maximum|p\\d{1,2}(\\.\\d+)?)$",
                      },
                      label: { type: "string" },
                      id: { type: "string", pattern: "^[a-z][a-zA-Z0-9_]*$" },
                    },
                  },
                ],
              },
            },
          ],
        },
      },
      annotations: {
        type: "object",
        additionalProperties: false,
        properties: {
          horizontal: {
            type: "array",
            items: { type: "object", required: ["value"], properties: { value: { type: "number" } } },
          },
        },
      },
    },
  },
  log: {
    type: "object",
    required: ["region", "query"],
    additionalProperties: false,
    properties: {
      title: { type: "string" },
      region: { type: "string" },
      view: { enum: ["table", "timeSeries", "bar", "pie"] },
      query: { type: "string", pattern: "^SOURCE '" },
    },
  },
  alarm: {
    type: "object",
    required: ["alarms"],
    additionalProperties: false,
    properties: {
      title: { type: "string" },
      alarms: { type: "array", minItems: 1, maxItems: 100, items: { type: "string", pattern: "^arn:" } },
    },
  },
};
const schema = {
  type: "object",
  required: ["widgets"],
  additionalProperties: false,
  properties: {
    periodOverride: { enum: ["auto", "inherit"] },
    widgets: {
      type: "array",
      maxItems: 500,
      items: {
        oneOf: Object.entries(properties).map(([type, of]) => ({
          type: "object",
          required: ["type", "properties"],
          additionalProperties: false,
          properties: {
            type: { const: type },
            x: { type: "integer", minimum: 0, maximum: 23 },
            y: { type: "integer", minimum: 0 },
            width: { type: "integer", minimum: 1, maximum: 24 },
            height: { type: "integer", minimum: 1, maximum: 1000 },
            properties: of,
          },
        })),
      },
    },
  },
};

describe("the dashboard's body", () => {
  const body = dashboardBody(watched);
  const metrics = (title: string) =>
    body.widgets.find(({ properties: { title: of } }) => of === title)?.properties.metrics;

  it("has the structure that CloudWatch documents", () => {
    const ajv = new Ajv({ allErrors: true });
    expect(ajv.validate(schema, body), ajv.errorsText()).to.equal(true);
    expect(ajv.validate(schema, { widgets: [{ type: "metric", properties: { metric: [] } }] })).to.equal(false);
  });

  it("has widgets side by side, none upon another", () => {
    const places = body.widgets.map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).to.equal(places.length);
    expect(body.widgets.every(({ x, width }) => x + width <= 24)).to.equal(true);
  });

  it("shows latency by the service's own metric, with the objective", () => {
    const dimensions = ["SnailImages/test", "EndToEndLatency", "service", "ResolutionBasedImagePutProcess"];
    expect(metrics("From upload to READY, ms")).to.deep.equal([
      [...dimensions, { stat: "p50", label: "p50" }],
      [...dimensions, { stat: "p99", label: "p99" }],
    ]);
    const [latency] = body.widgets;
    expect(latency?.properties.annotations).to.deep.equal({ horizontal: [{ label: "objective", value: 30_000 }] });
  });

  it("shows each queue and its dead letters, each function, the API and the table by their physical names", () => {
    const queue = (name: string, stat: string, of: string) => [
      "AWS/SQS",
      name,
      "QueueName",
      of,
      { stat, label: "PutRawImageQueue" },
    ];
    expect(metrics("Oldest message, s")).to.deep.equal([
      queue("ApproximateAgeOfOldestMessage", "Maximum", "PutRawImageQueue-1"),
    ]);
    expect(metrics("Dead letters")).to.deep.equal([
      queue("ApproximateNumberOfMessagesVisible", "Maximum", "PutRawImageQueue-dead-letters-1"),
    ]);
    expect(metrics("Errors")).to.deep.equal([
      [
        "AWS/Lambda",
        "Errors",
        "FunctionName",
        "RawImagePutProcess-1234567",
        { stat: "Sum", label: "RawImagePutProcess" },
      ],
    ]);
    const api = ["ApiName", "ImageApi-1234567", "Stage", "test"];
    expect(metrics("API: latency, ms")).to.deep.equal([
      ["AWS/ApiGateway", "Latency", ...api, { stat: "p50", label: "p50" }],
      ["AWS/ApiGateway", "Latency", ...api, { stat: "p99", label: "p99" }],
    ]);
    expect(metrics("Cost: capacity of the table")).to.have.length(2);
  });

  it("asks the logs of all functions for the last rejections", () => {
    const log = body.widgets.find(({ type }) => type === "log");
    expect(log?.properties.query).to.equal(
      "SOURCE 'RawImagePutProcess-log-1234567' | SOURCE 'SweepProcess-log-1234567' | " +
        'fields @timestamp, name, outcome, cause, reason | filter outcome in ["rejected", "failed"] | ' +
        "sort @timestamp desc | limit 20",
    );
  });
});
