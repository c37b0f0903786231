import { readFileSync } from "node:fs";

import { expect } from "chai";

import { exceptionsIn } from "../tools/commands";
import { type GatheredResource, readStackConfig } from "../tools/embedded-aws";
import type { Stack } from "./support/pulumi";
import { renditionMemoryMiB } from "../components/renditionMemory";
import { imageFormats, type UploadLimits } from "../handlers/imageTypes";
import { checkSettings } from "../settings";
import { refusedPolicies } from "./support/refusedPolicies";
import { declareStack } from "./support/stacks";

interface Statement {
  Effect: string;
  Action: string[];
  Resource: string | string[];
}
/** Whether an alarm is one of its own, not a window of the alarm of late images. */
const isWhole = ({ name }: Pick<GatheredResource, "name">): boolean => !/-latency-\w+-alarm$/.test(name);
const list = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

describe("the program", () => {
  it("reads like the architecture: short, and without conditions, applies or policies", () => {
    const lines = readFileSync("index.ts", "utf8").split("\n");
    expect(lines).to.have.lengthOf.below(90);
    expect(lines.join("\n")).not.to.match(/\bif\b|\.apply\(|Statement|policy/);
  });

  for (const name of ["dev", "prod"] as const) {
    describe(`in stack ${name}`, () => {
      let stack: Stack;
      let outputs: Record<string, unknown>;
      let custom: GatheredResource[];
      before(async () => {
        ({ stack, outputs } = await declareStack(name));
        custom = stack.resources.filter((resource) => resource.custom);
      });

      it("gives ResolutionBasedImagePutProcess the memory that its limits need", () => {
        const { memorySize, environment } = stack.inputs("Function", "ResolutionBasedImagePutProcess") as {
          memorySize: number;
          environment: { variables: { IMAGES_AT_ONCE: string } };
        };
        const limits = outputs.uploadLimits as UploadLimits;
        expect(memorySize).to.equal(renditionMemoryMiB(limits, Number(environment.variables.IMAGES_AT_ONCE)));
      });

      it("gives no two resources of a type one name, and no two physical resources the same logical name", () => {
        const all = stack.resources.map((resource) => `${resource.type} ${resource.name}`);
        expect(all).to.have.lengthOf(new Set(all).size);
        const names = custom.map((resource) => resource.name);
        expect(names).to.have.lengthOf(new Set(names).size);
      });

      it("has every part by its name", () => {
        const named = custom.map(({ type, name: logical }) => `${type.split(":").at(-1) ?? ""} ${logical}`);
        expect(named).to.include.members([
          `Bucket snail-temp-images-${name}`,
          `Bucket snail-images-${name}`,
          "Table ImageMetadata",
          "Queue PutRawImageQueue",
          "Queue PutResolutionBasedImageQueue",
          "Queue DeleteResolutionBasedImageQueue",
          "Function RawImagePutProcess",
          "Function ResolutionBasedImagePutProcess",
          "Function RawImageDeleteProcess",
          "Function ResolutionBasedImageDeleteProcess",
          "Function RawImageGetProcess",
          "Function RawImageListProcess",
          "Function SweepProcess",
          "Function ImageEventProcess",
          "EventBus ImageEvents",
          "Queue ImageEvents-dead-letters",
          "Function UploadProcess",
          "EventRule SweepProcess-schedule",
          "RestApi ImageApi",
        ]);
        expect(stack.all("Function")).to.have.lengthOf(9);
        expect(stack.all("Queue")).to.have.lengthOf(7);
      });

      it("puts every resource under its own provider, and so its tags on all that have some", () => {
        const provider = stack.one("pulumi:providers:aws");
        const strays = custom.filter((resource) => resource !== provider && resource.provider !== provider.urn);
        expect(strays.map((resource) => resource.name)).to.deep.equal([]);
        expect(stack.one("Table").state.tagsAll).to.include({ project: "snail-images", stack: name });
      });

      it("names every action, and every resource but of actions that know none", () => {
        for (const { name: policy, given } of stack.all("RolePolicy")) {
          for (const { Action, Resource } of (JSON.parse(String(given.policy)) as { Statement: Statement[] })
            .Statement) {
            expect(Action.join(), policy).not.to.include("*");
            const wide = list(Resource).includes("*");
            const knowNone = ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "dynamodb:ListStreams"];
            expect(wide, `${policy} ${Action.join()}`).to.equal(Action.every((action) => knowNone.includes(action)));
          }
        }
        const types = custom.map(({ type }) => type.split(":").at(-1));
        expect(types).not.to.include.members(["RolePolicyAttachment"]);
        expect(stack.all("Role").filter(({ given }) => "managedPolicyArns" in given)).to.deep.equal([]);
      });

      it("has only policies that AWS understands", async () => {
        const { policies, refused } = await refusedPolicies(stack.resources);
        expect(refused).to.deep.equal([]);
        expect(policies).to.be.greaterThan(35);
      });

      it("gives each function a role of its own", () => {
        const roles = stack.all("Function").map(({ given }) => given.role);
        expect(roles).to.have.lengthOf(new Set(roles).size);
      });

      it("lets nothing write where uploads land but the API, and who signs uploads", () => {
        const uploads = String(stack.one("Bucket", `snail-temp-images-${name}`).state.arn);
        const writers = stack.all("RolePolicy").filter(({ given }) => {
          const { Statement } = JSON.parse(String(given.policy)) as { Statement: Statement[] };
          return Statement.some(
            ({ Effect, Action, Resource }) =>
              Effect === "Allow" &&
              Action.includes("s3:PutObject") &&
              list(Resource).some((resource) => resource.startsWith(uploads)),
          );
        });
        expect(writers.map((policy) => policy.name)).to.have.members([
          "ImageApi-upload-SnailTempImagesBucketPutPolicy",
          "UploadProcess-SnailTempImagesBucketPutPolicy",
        ]);
      });

      it("watches every queue, every function and the API", () => {
        const watched = new Set(
          stack.all("MetricAlarm").flatMap(({ given }) => {
            const queries = (given.metricQueries ?? []) as { metric?: { dimensions: object } }[];
            return [given, ...queries.map(({ metric }) => metric)].flatMap((metric) =>
              Object.entries((metric?.dimensions ?? {}) as Record<string, unknown>),
            );
          }),
        );
        const dimensions = [...watched].map(([dimension, of]) => `${dimension} ${String(of)}`);
        const named = (type: string, dimension: string) =>
          stack.all(type).map(({ state }) => `${dimension} ${String(state.name)}`);
        expect(new Set(dimensions)).to.deep.equal(
          new Set([
            ...named("Queue", "QueueName"),
            ...named("Function", "FunctionName"),
            ...named("RestApi", "ApiName"),
            `Stage ${name}`,
            "service ResolutionBasedImagePutProcess",
          ]),
        );
      });

      it("says in each alarm's description where its entry in the runbook is", () => {
        const runbook = readFileSync("docs/operating.md", "utf8");
        const entries = [...runbook.matchAll(/^### Alarm: (.*)$/gm)].map(([, kind = ""]) => `alarm-${kind}`);
        const alarms = [...stack.all("MetricAlarm"), ...stack.all("CompositeAlarm")];
        const anchors = alarms.map(({ given }) => String(given.alarmDescription).split("#").at(-1));
        expect(entries).to.include.members(anchors);
        expect(anchors).to.include.members(entries);
      });

      it("protects buckets, table and queues exactly where data is kept", () => {
        const protectedOnes = stack.resources.filter((resource) => resource.protect).map((resource) => resource.name);
        const data = ["Bucket", "Table", "Queue"].flatMap((type) => stack.all(type)).map((resource) => resource.name);
        expect(data).to.have.lengthOf(2 + 1 + 7);
        expect(protectedOnes).to.have.members(name === "prod" ? data : []);
        const forced = stack.all("Bucket").map(({ given }) => given.forceDestroy);
        expect(forced).to.deep.equal(name === "prod" ? [false, false] : [true, true]);
      });

      it("saves queries about the logs of all functions", () => {
        const logs = stack.all("Function").map(({ name }) => stack.one("LogGroup", `${name}-log`).state.name);
        const queries = stack.all("QueryDefinition").map(({ given }) => given);
        expect(queries.map((query) => query.name)).to.deep.equal(
          ["everything about one image", "slowest from upload to READY", "rejections and failures by cause"].map(
            (title) => `snail-images-${name}/${title}`,
          ),
        );
        for (const { logGroupNames } of queries) expect(logGroupNames).to.have.members(logs);
      });

      it("answers where everything is", () => {
        const { deadLetterQueueUrls, queueUrls, alarmNames, logGroups, dashboardUrl, ...others } = outputs;
        const settings = checkSettings(readStackConfig(".", name), { project: "snail-images", stack: name });
        expect(others).to.deep.equal({
          region: "eu-west-1",
          apiId: stack.one("RestApi").id,
          apiUrl: stack.one("Stage").state.invokeUrl,
          apiAuth: "iam",
          tempImagesBucket: stack.one("Bucket", `snail-temp-images-${name}`).state.bucket,
          imagesBucket: stack.one("Bucket", `snail-images-${name}`).state.bucket,
          deliveryUrl: null,
          imageMetadataTable: stack.one("Table").state.name,
          imageTypes: settings.imageTypes,
          uploadLimits: settings.uploadLimits,
          allowedOrigins: [],
          eventBusName: `ImageEvents-${name}`,
          eventDeadLetterQueueUrl: stack.one("Queue", "ImageEvents-dead-letters").state.url,
        });
        const functionNames = stack.all("Function").map(({ name }) => name);
        expect(logGroups).to.have.all.keys(functionNames);
        expect(Object.values(logGroups as object)).to.have.members(
          functionNames.map((name) => stack.one("LogGroup", `${name}-log`).state.name),
        );
        expect(dashboardUrl).to.equal(
          `https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/snail-images-${name}`,
        );
        expect(alarmNames).to.have.members([
          ...stack
            .all("MetricAlarm")
            .filter(isWhole)
            .map(({ state }) => state.name),
          ...stack.all("CompositeAlarm").map(({ state }) => state.alarmName),
        ]);
        const queues = ["PutRawImageQueue", "PutResolutionBasedImageQueue", "DeleteResolutionBasedImageQueue"];
        const urls = (suffix: string) =>
          Object.fromEntries(queues.map((queue) => [queue, stack.one("Queue", queue + suffix).state.url]));
        expect(queueUrls).to.deep.equal(urls(""));
        expect(deadLetterQueueUrls).to.deep.equal(urls("-dead-letters"));
      });
    });
  }

  describe("with other configuration", () => {
    let stack: Stack;
    before(async () => {
      ({ stack } = await declareStack("dev", {
        "snail-images:alarmEmail": "ops@example.com",
        "snail-images:layerArchitecture": "x86_64",
        "snail-images:network": "isolated",
        "snail-images:tracing": "false",
      }));
    });

    it("sends every alarm to the topic of the given address", () => {
      const topic = stack.one("Topic").state.arn;
      for (const { given, name } of [...stack.all("MetricAlarm").filter(isWhole), ...stack.all("CompositeAlarm")])
        expect([given.alarmActions, given.okActions], name).to.deep.equal([[topic], [topic]]);
    });

    it("does not send the parts of a composite alarm", () => {
      const parts = stack.all("MetricAlarm").filter((alarm) => !isWhole(alarm));
      expect(parts.map(({ given }) => [given.alarmActions, given.okActions])).to.deep.equal(
        parts.map(() => [undefined, undefined]),
      );
      const { alarmRule } = stack.one("CompositeAlarm").given;
      for (const { state } of parts) expect(alarmRule).to.include(`ALARM("${String(state.name)}")`);
    });

    it("runs every function for the other architecture, its layer too", () => {
      const architectures = stack.all("Function").map(({ given }) => given.architectures);
      expect(architectures).to.deep.equal(Array(9).fill(["x86_64"]));
      expect(stack.one("LayerVersion").given.compatibleArchitectures).to.deep.equal(["x86_64"]);
    });

    it("has nothing traced", () => {
      const modes = stack.all("Function").map(({ given }) => given.tracingConfig);
      expect(modes).to.deep.equal(Array(9).fill({ mode: "PassThrough" }));
      expect(stack.one("Stage").given.xrayTracingEnabled).to.equal(false);
      expect(stack.all("RolePolicy").filter(({ name }) => name.includes("XRay"))).to.deep.equal([]);
    });

    it("puts every function into the isolated network", () => {
      const group = stack.one("SecurityGroup", "network-functions").id;
      for (const { name, given } of stack.all("Function")) {
        expect(given.vpcConfig, name).to.have.property("securityGroupIds").that.deep.equals([group]);
      }
    });

    it("says of each right to the network why no call of the local run needs it", () => {
      const excepted = exceptionsIn(stack.resources);
      for (const { name, inputs } of stack.all("Function")) {
        const { IsolatedNetworkPolicy } = stack.policies(`${name}-role`);
        const rights = (IsolatedNetworkPolicy as Statement[]).find(({ Effect }) => Effect === "Allow");
        const own = excepted.filter(({ holder }) => holder === inputs.role);
        expect(new Set(own.map(({ policy }) => policy))).to.deep.equal(new Set(["IsolatedNetworkPolicy"]));
        expect(own.map(({ actionPattern }) => actionPattern)).to.deep.equal(rights?.Action);
      }
    });

    it("has only policies that AWS understands", async () => {
      const { policies, refused } = await refusedPolicies(stack.resources);
      expect(refused).to.deep.equal([]);
      expect(policies).to.be.greaterThan(40);
    });

    it("gives no function more than Lambda's 4 KB of environment, with the most that the settings allow", async () => {
      // Types that are all special do not fit; one after the other becomes so until no more is accepted.
      const config = (special: number) => {
        const types = Array.from({ length: 20 }, (_, n) => [
          `${"t".repeat(29)}${10 + n}`,
          {
            width: 10_000,
            height: 10_000,
            ...(n < special && { fit: "cover", position: "attention", format: "webp", quality: 71, enlarge: true }),
          },
        ]);
        return {
          "snail-images:imageTypes": JSON.stringify(Object.fromEntries(types)),
          "snail-images:acceptedFormats": JSON.stringify(imageFormats),
        };
      };
      const accepted = (special: number) => {
        try {
          checkSettings({ "aws:region": "eu-west-1", ...config(special) }, { project: "snail-images", stack: "dev" });
          return true;
        } catch {
          return false;
        }
      };
      const most = Array.from({ length: 21 }, (_, special) => special)
        .filter(accepted)
        .at(-1)!;
      expect(most).to.be.within(1, 19);
      const { stack } = await declareStack("dev", config(most));
      for (const { name, given } of stack.all("Function")) {
        const { variables } = given.environment as { variables: Record<string, string> };
        // The longest names and addresses that a stack can have.
        const longest = JSON.stringify(variables)
          .replaceAll("https://aws.test", "https://sqs.ap-southeast-1.amazonaws.com.cn")
          .replaceAll(/snail-(temp-)?images-dev-\w{7}/g, "b".repeat(63));
        expect(Buffer.byteLength(longest), name).to.be.at.most(4096);
      }
    });

    it("declares nothing when something is wrong with it", async () => {
      const refused = declareStack("dev", { "snail-images:apiAuth": "none", "snail-images:keepData": "true" });
      const message = await refused.then(() => "", String);
      expect(message).to.include("1 problem in the configuration of stack dev:\n  snail-images:apiAuth must be iam or");
    });
  });
});
