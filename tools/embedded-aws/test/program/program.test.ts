import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { Place } from "../../place";
import { gather, gatherFrom } from "../../program/program";

const place: Place = {
  accountId: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  awsUrl: "https://aws.test",
  apiUrl: "https://api.test",
};
const options = { project: "shop", stack: "dev", config: { "shop:size": "5" }, place };
const run = (program: () => unknown) => gatherFrom(program, options);
const failure = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.fail("expected a failure"),
    (error: unknown) => error as Error,
  );
class Corner extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("shop:index:Corner", name, {}, opts);
    new aws.sqs.Queue(`${name}-queue`, { delaySeconds: 5 }, { parent: this });
  }
}

describe("gather", () => {
  it("tells every resource with its inputs, its computed state, and how the program placed it", async () => {
    const { resources } = await run(() => {
      const provider = new aws.Provider("aws", { region: "eu-west-1", defaultTags: { tags: { a: "1", b: "1" } } });
      const bucket = new aws.s3.Bucket("Photos", { tags: { b: "2" } }, { provider, protect: true });
      new aws.s3.BucketVersioning(
        "versions",
        { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
        { provider, retainOnDelete: true },
      );
    });
    expect(resources.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
      "pulumi:pulumi:Stack shop-dev",
      "pulumi:providers:aws aws",
      "aws:s3/bucket:Bucket Photos",
      "aws:s3/bucketVersioning:BucketVersioning versions",
    ]);
    const [stack, provider, bucket, versions] = resources;
    expect(bucket?.given).to.deep.equal({ tags: { b: "2" } });
    expect(bucket?.inputs.bucket).to.match(/^photos-[0-9a-f]{7}$/);
    expect(bucket?.inputs.tags).to.deep.equal({ a: "1", b: "2" });
    expect(bucket?.state.tagsAll).to.deep.equal({ a: "1", b: "2" });
    expect(bucket?.state.arn).to.equal(`arn:aws:s3:::${String(bucket?.inputs.bucket)}`);
    expect(bucket?.id).to.equal(bucket?.inputs.bucket);
    expect([bucket?.protect, bucket?.retainOnDelete, bucket?.custom]).to.deep.equal([true, false, true]);
    expect([bucket?.parent, bucket?.provider]).to.deep.equal([stack?.urn, provider?.urn]);
    expect(versions?.given.bucket).to.equal(bucket?.state.bucket);
    expect(versions?.dependencies).to.deep.equal([bucket?.urn]);
    expect(versions?.retainOnDelete).to.equal(true);
  });

  it("tells components too, which have no id, and who is whose child", async () => {
    const { resources } = await run(() => new Corner("corner"));
    const corner = resources.find(({ name }) => name === "corner");
    expect([corner?.custom, corner?.id]).to.deep.equal([false, ""]);
    expect(resources.find(({ name }) => name === "corner-queue")?.parent).to.equal(corner?.urn);
  });

  it("gives the program its configuration, its stack and answers about the account", async () => {
    const { outputs } = await run(() => ({
      size: pulumi.runtime.getConfig("shop:size"),
      of: `${pulumi.getProject()} ${pulumi.getStack()}`,
      account: aws.getCallerIdentityOutput({}).accountId,
      region: aws.getRegionOutput({}).region,
      partition: aws.getPartitionOutput({}).partition,
    }));
    expect(outputs).to.deep.equal({
      size: "5",
      of: "shop dev",
      account: "123456789012",
      region: "eu-west-1",
      partition: "aws",
    });
  });

  it("waits for what is declared late", async () => {
    const { resources } = await run(async () => {
      await new Promise(setImmediate);
      const queue = new aws.sqs.Queue("first");
      queue.url.apply(() => new aws.sqs.Queue("second"));
    });
    expect(resources.map(({ name }) => name)).to.include("second");
  });

  it("leaves nothing behind for the next program", async () => {
    await run(() => {
      new aws.sqs.Queue("Orders");
    });
    const { resources } = await gatherFrom(
      () => {
        new aws.sqs.Queue("Orders");
      },
      {
        ...options,
        stack: "prod",
        config: {},
      },
    );
    expect(resources.map(({ name }) => name)).to.deep.equal(["shop-prod", "Orders"]);
    expect(pulumi.runtime.getConfig("shop:size")).to.equal(undefined);
  });

  it("names everything that is not supported at once", async () => {
    const error = await failure(
      run(() => {
        new aws.s3.BucketNotification("News", { bucket: "b", eventbridge: true });
        new aws.kinesis.Stream("Clicks", { shardCount: 1 });
        new aws.kinesis.Stream("Views", { shardCount: 1 });
        return { zones: aws.getAvailabilityZonesOutput({}).names };
      }),
    );
    expect(error.message.split("\n").sort()).to.deep.equal([
      "  aws:kinesis/stream:Stream Clicks: resource type aws:kinesis/stream:Stream is not supported",
      "  aws:kinesis/stream:Stream Views: resource type aws:kinesis/stream:Stream is not supported",
      "  aws:s3/bucketNotification:BucketNotification News: property eventbridge is not supported",
      "  the data source aws:index/getAvailabilityZones:getAvailabilityZones is not supported; " +
        "supported are getCallerIdentity, getRegion, getPartition",
      "the program uses what the embedded AWS does not have:",
    ]);
  });

  it("fails with what the program throws, at once or in an apply", async () => {
    const thrown = new Error("out of paper");
    expect(
      await failure(
        run(() => {
          throw thrown;
        }),
      ),
    ).to.equal(thrown);
    const late = run(() => {
      const queue = new aws.sqs.Queue("Orders");
      new aws.sqs.Queue("Late", {
        name: queue.name.apply(() => {
          throw thrown;
        }),
      });
    });
    expect((await failure(late)).message).to.include("out of paper");
    expect(
      (
        await run(() => {
          new aws.sqs.Queue("Orders");
        })
      ).resources,
    ).to.have.lengthOf(2);
  });

  it("tells the line that declares a resource, also inside a component, where positions are asked for", async () => {
    const source = readFileSync(__filename, "utf8").split("\n");
    const lineOf = (text: string) => source.findIndex((line) => line.includes(text)) + 1;
    const declare = () => {
      new aws.sqs.Queue("Alone"); // the line of Alone
      new Corner("North"); // the line of North
    };
    const { resources } = await gatherFrom(declare, { ...options, positions: true });
    const places = Object.fromEntries(resources.map(({ name, declaredAt: at }) => [name, at]));
    const here = pathToFileURL(__filename).href;
    expect(places.Alone).to.deep.equal({ uri: here, line: lineOf('"Alone"); // the line') });
    expect(places.North).to.deep.equal({ uri: here, line: lineOf('"North"); // the line') });
    expect(places["North-queue"]).to.deep.equal({ uri: here, line: lineOf("new aws.sqs.Queue(`${name}-queue`") });
    expect((await run(declare)).resources.map(({ declaredAt }) => declaredAt)).to.deep.equal(Array(4).fill(undefined));
  });

  it("names the program's TypeScript in the stack of its errors", async () => {
    const error = await failure(
      run(() => {
        throw new Error("out of paper");
      }),
    );
    const [, line = ""] = /program\.test\.ts:(\d+)/.exec(error.stack ?? "") ?? [];
    expect(readFileSync(__filename, "utf8").split("\n")[Number(line) - 1]).to.include('new Error("out of paper")');
  });

  it("looks at no stack of a promise or a resource where positions are not asked for", async () => {
    let frames = 0;
    await run(() => {
      // It is put back with the run's end.
      Error.prepareStackTrace = (_, sites) => String((frames += sites.length));
      new aws.sqs.Queue("Alone");
    });
    expect(frames).to.equal(0);
  });

  it("reads the packages of node_modules once for all functions", async () => {
    const { computeCodePaths } = pulumi.runtime;
    let reads = 0;
    const counting: typeof computeCodePaths = (options) => {
      reads++;
      return computeCodePaths(options as pulumi.runtime.CodePathOptions);
    };
    Object.assign(pulumi.runtime, { computeCodePaths: counting });
    try {
      await run(() => {
        const role = "arn:aws:iam::123456789012:role/packer";
        for (const name of ["one", "two"]) {
          new aws.lambda.CallbackFunction(name, { role, runtime: "nodejs24.x", callback: async () => name });
        }
      });
    } finally {
      Object.assign(pulumi.runtime, { computeCodePaths });
    }
    expect(reads).to.equal(1);
  });

  describe("of a file", () => {
    // Within the repository, so that its packages are found.
    const folder = join(process.cwd(), ".local");
    const write = (files: Record<string, string>): string => {
      mkdirSync(folder, { recursive: true });
      const program = mkdtempSync(join(folder, "program-"));
      for (const [file, text] of Object.entries(files)) writeFileSync(join(program, file), text);
      return join(program, "index.ts");
    };

    it("loads all of the program's modules again each time", async () => {
      const program = write({
        "queue.ts": 'import * as aws from "@pulumi/aws";\nexport const queue = new aws.sqs.Queue("Orders");\n',
        "index.ts": 'import { queue } from "./queue";\nexport const url = queue.url;\n',
      });
      const first = await gather({ ...options, program });
      const second = await gather({ ...options, program });
      expect(first.resources.map(({ name }) => name)).to.deep.equal(["shop-dev", "Orders"]);
      expect(second).to.deep.equal(first);
      expect(first.outputs.url).to.equal(first.resources[1]?.state.url);
    });

    it("runs a program that exports a function", async () => {
      const program = write({
        "index.ts":
          'import * as aws from "@pulumi/aws";\nexport = async () => ({ url: new aws.sqs.Queue("Orders").url });\n',
      });
      const { outputs } = await gather({ ...options, program });
      expect(outputs.url).to.be.a("string");
    });
  });
});
