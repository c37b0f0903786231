import { expect } from "chai";

import { dependencies } from "../../package.json";
import { ImageFunction, type ImageFunctionArgs } from "../../components/imageFunction";
import { functions } from "../support/functions";
import { declare, type Stack } from "../support/pulumi";

const args: ImageFunctionArgs<unknown, unknown> = {
  ...functions,
  handler: () => async () => "answer",
  environment: { BUCKET: "photos" },
  grants: {},
  timeoutSeconds: 29,
  memoryMiB: 512,
};
const withArgs = (more: Partial<typeof args>) => declare(() => new ImageFunction("LookProcess", { ...args, ...more }));

describe("ImageFunction", () => {
  let stack: Stack;
  before(async () => {
    stack = await withArgs({});
  });

  it("is a function of Lambda's Node.js with everything said explicitly", () => {
    const { code, ...inputs } = stack.inputs("Function") as Record<string, unknown>;
    expect(Object.keys((code as { assets: object }).assets)).to.deep.equal(["__index.js"]);
    expect(inputs).to.deep.equal({
      runtime: "nodejs24.x",
      handler: "__index.handler",
      role: "arn:aws:iam::123456789012:role/LookProcess-role",
      architectures: ["arm64"],
      layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:packages:1"],
      timeout: 29,
      memorySize: 512,
      environment: {
        variables: {
          BUCKET: "photos",
          POWERTOOLS_SERVICE_NAME: "LookProcess",
          POWERTOOLS_METRICS_NAMESPACE: "SnailImages/test",
        },
      },
      loggingConfig: { logFormat: "JSON", logGroup: "LookProcess-log" },
      tracingConfig: { mode: "Active" },
    });
  });

  it("ships no package, so that each comes from the layer", () => {
    const { code } = stack.one("Function").given;
    expect(Object.keys(dependencies)).to.include("sharp");
    expect(Object.keys((code as { assets: object }).assets)).to.have.lengthOf(1);
  });

  it("logs to a group of its own, for as long as is configured", () => {
    expect(stack.inputs("LogGroup")).to.deep.equal({ retentionInDays: 7 });
  });

  it("has a role that only Lambda can assume", () => {
    expect(stack.inputs("Role")).to.deep.equal({
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      },
    });
  });

  it("does not run before it has its rights", () => {
    expect(stack.dependencies("Function")).to.include.members([
      "LookProcess-FunctionLogsPolicy",
      "LookProcess-XRayPolicy",
    ]);
  });

  it("is not traced where it is not to be, and has no rights for that", async () => {
    const silent = await withArgs({ tracing: false });
    expect(silent.inputs("Function")).to.deep.include({ tracingConfig: { mode: "PassThrough" } });
    expect(Object.keys(silent.policies("LookProcess-role"))).to.deep.equal(["FunctionLogsPolicy"]);
  });

  it("guards the image library where untrusted files are decoded", async () => {
    const decoder = await withArgs({ decodesImages: true });
    const { variables } = decoder.one("Function").given.environment as { variables: Record<string, string> };
    expect(variables).to.include({ VIPS_BLOCK_UNTRUSTED: "1", MALLOC_ARENA_MAX: "1" });
  });

  it("raises an alarm when it crashes, and when it is throttled for a quarter of an hour", async () => {
    const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
    const alarmed = await withArgs({ alarms: { actions: [topic as never], names: [], arns: [] } });
    const common = {
      namespace: "AWS/Lambda",
      dimensions: { FunctionName: "LookProcess" },
      statistic: "Sum",
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      period: 300,
      treatMissingData: "notBreaching",
      alarmActions: [topic],
      okActions: [topic],
    };
    expect(alarmed.inputs("MetricAlarm", "LookProcess-errors-alarm")).to.deep.equal({
      ...common,
      alarmDescription: "LookProcess crashed, or ran out of time or memory. What to do: docs/operating.md#alarm-errors",
      metricName: "Errors",
      evaluationPeriods: 1,
    });
    expect(alarmed.inputs("MetricAlarm", "LookProcess-throttles-alarm")).to.deep.equal({
      ...common,
      alarmDescription:
        "LookProcess was throttled for 15 minutes: the account runs too few functions at once. What to do: docs/operating.md#alarm-throttles",
      metricName: "Throttles",
      evaluationPeriods: 3,
    });
  });

  it("joins a network, with the rights that Lambda needs for that and its own code does not have", async () => {
    const networked = await withArgs({ network: { subnetIds: ["subnet-1"], securityGroupId: "sg-1" } });
    expect(networked.one("Function").given.vpcConfig).to.deep.equal({
      subnetIds: ["subnet-1"],
      securityGroupIds: ["sg-1"],
    });
    const Action = [
      "ec2:CreateNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ];
    expect(networked.policies("LookProcess-role").IsolatedNetworkPolicy).to.deep.equal([
      { Effect: "Allow", Action, Resource: "*" },
      { Effect: "Deny", Action, Resource: "*", Condition: { Null: { "lambda:SourceFunctionArn": "false" } } },
    ]);
  });

  it("keeps the conditions and denials of its grants", async () => {
    const granted = await withArgs({
      grants: {
        ListPolicy: [
          { actions: ["s3:ListBucket"], on: "arn:aws:s3:::b", condition: { StringLike: { "s3:prefix": "raw/*" } } },
          { effect: "Deny", actions: ["s3:PutObject"], on: ["arn:aws:s3:::b/raw/*"] },
        ],
      },
    });
    expect(granted.policies("LookProcess-role").ListPolicy).to.deep.equal([
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: "arn:aws:s3:::b",
        Condition: { StringLike: { "s3:prefix": "raw/*" } },
      },
      { Effect: "Deny", Action: ["s3:PutObject"], Resource: ["arn:aws:s3:::b/raw/*"] },
    ]);
  });

  for (const [what, more, message] of [
    [
      "an action wildcard",
      { grants: { P: [{ actions: ["s3:*"], on: "x" }] } },
      "P must name each action, such as s3:GetObject; got s3:*",
    ],
    [
      "no resource",
      { grants: { P: [{ actions: ["s3:GetObject"], on: [] }] } },
      "P must name a resource for s3:GetObject; got none",
    ],
    ["too long a run", { timeoutSeconds: 901 }, "timeoutSeconds must be a whole number from 1 to 900; got 901"],
    ["too little memory", { memoryMiB: 127 }, "memoryMiB must be a whole number from 128 to 10240; got 127"],
  ] as [string, Partial<typeof args>, string][]) {
    it(`refuses ${what} and declares nothing`, async () => {
      const refused = await declare(() => {
        expect(() => new ImageFunction("LookProcess", { ...args, ...more })).to.throw(
          `ImageFunction "LookProcess": ${message}`,
        );
      });
      expect(refused.resources).to.be.empty;
    });
  }
});
