import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRawSync } from "node:zlib";

import { expect } from "chai";

import { DECODER_FILE } from "../handlers/entries/resolutionBasedImagePutProcess";
import { dependencies } from "../package.json";
import type { GatheredResource } from "../tools/embedded-aws";
import { declareUncached } from "./support/program";

/** KiB, zipped as Lambda gets it (docs/performance.md tells what takes them). */
const LARGEST = 13;
/** The same of functions with the readers of all formats' structure. */
const LARGEST_READER = 28;

/** The one function that has what clients send decoded, by a program of its own beside its bundle. */
const decoders = ["ResolutionBasedImagePutProcess"];
/** It looks at what was uploaded. */
const readers = [...decoders, "RawImagePutProcess"];
/** The one function that has another bundle where CloudFront delivers. */
const invalidating = "ResolutionBasedImageDeleteProcess with CloudFront";
const consumers = [...decoders, "RawImagePutProcess", "ResolutionBasedImageDeleteProcess", invalidating];
const queries = ["RawImageGetProcess", "RawImageListProcess"];
const others = ["SweepProcess", "UploadProcess", "ImageEventProcess"];
const functionNames = [...consumers, "RawImageDeleteProcess", ...queries, ...others];

describe("the functions' bundles", () => {
  let functions: Map<string, GatheredResource>;
  const assets = (name: string) =>
    (functions.get(name)?.given.code as { assets: Record<string, { text: string }> }).assets;
  const source = (name: string): string => assets(name)["__index.js"]?.text ?? "";
  const variables = (name: string) =>
    (functions.get(name)?.given.environment as { variables: Record<string, string> }).variables;

  before(async () => {
    const { stack } = await declareUncached("dev");
    functions = new Map(stack.all("Function").map((resource) => [resource.name, resource]));
    const delivering = await declareUncached("dev", { "snail-images:delivery": "cloudfront" });
    for (const resource of delivering.stack.all("Function")) {
      const isOther = JSON.stringify(resource.given.code) !== JSON.stringify(functions.get(resource.name)?.given.code);
      if (isOther) functions.set(`${resource.name} with CloudFront`, resource);
    }
  });

  it("are all tried here", () => {
    expect([...functions.keys()]).to.have.members(functionNames);
  });

  /** Runs a bundle as Lambda does: from its own folder, with its own environment, and nothing to reach over the net. */
  async function invoke(name: string, event: unknown, environment = variables(name)): Promise<{ stdout: string }> {
    const folder = mkdtempSync(join(tmpdir(), "bundle-"));
    mkdirSync(folder, { recursive: true });
    for (const [file, { text }] of Object.entries(assets(name))) writeFileSync(join(folder, file), text);
    const script = `
      const { handler } = require("./__index.js");
      const context = { awsRequestId: "request-1", functionName: "f", invokedFunctionArn: "arn", getRemainingTimeInMillis: () => 1000 };
      handler(${JSON.stringify(event)}, context).then(
        (answer) => console.log("ANSWER " + JSON.stringify(answer)),
        (error) => { console.error(error); process.exit(1); });`;
    return promisify(execFile)(process.execPath, ["-e", script], {
      cwd: folder,
      env: {
        ...environment,
        NODE_PATH: join(process.cwd(), "node_modules"),
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "x",
        AWS_SECRET_ACCESS_KEY: "y",
        AWS_MAX_ATTEMPTS: "1",
        AWS_ENDPOINT_URL: "http://127.0.0.1:1",
        AWS_LAMBDA_FUNCTION_NAME: "f",
        LAMBDA_TASK_ROOT: folder,
      },
    });
  }
  const answerOf = ({ stdout }: { stdout: string }): unknown =>
    JSON.parse(
      stdout
        .split("\n")
        .find((line) => line.startsWith("ANSWER "))
        ?.slice(7) ?? "null",
    );

  for (const name of functionNames) {
    describe(name, () => {
      it("is one small file", function () {
        const kib = deflateRawSync(source(name), { level: 9 }).length / 1024;
        expect(Object.keys(assets(name))).to.deep.equal([
          "__index.js",
          ...(decoders.includes(name) ? [DECODER_FILE] : []),
        ]);
        expect(kib)
          .to.be.above(1)
          .and.below(readers.includes(name) ? LARGEST_READER : LARGEST);
        this.test!.title += ` (${kib.toFixed(1)} KiB zipped)`;
      });

      it("requires only Node's modules and the layer's packages", () => {
        const required = [...source(name).matchAll(/require\("([^"]+)"\)/g)].map(([, module = ""]) => module);
        const isAllowed = (module: string) =>
          builtinModules.includes(module) ||
          Object.keys(dependencies).some((dependency) => module === dependency || module.startsWith(`${dependency}/`));
        expect(required.filter((module) => !isAllowed(module))).to.deep.equal([]);
        const clients: Record<string, string> = {
          ImageEventProcess: "client-eventbridge",
          [invalidating]: "client-cloudfront",
        };
        expect(required).to.include(`@aws-sdk/${clients[name] ?? "client-s3"}/dist-cjs/index.js`);
      });

      it("loads no image library", () => {
        expect(source(name)).not.to.include('require("sharp")');
      });

      it("captured no value that does not survive, no client and no secret", () => {
        const bundle = source(name);
        // How captured instances show up: rebuilt without their constructor.
        expect(bundle).not.to.match(/Object\.create\(__/);
        expect(bundle).not.to.match(/AKIA[0-9A-Z]{16}|aws_secret|BEGIN [A-Z ]*PRIVATE KEY|secretAccessKey/);
        expect(bundle).not.to.include("@pulumi/");
        expect(bundle).not.to.include(process.cwd());
      });

      // The serialiser takes two modules for one where files know them by one name: `promises_1` of "fs/promises" and others.
      it("uses of each module what that has", () => {
        const modules = new Map(
          [...source(name).matchAll(/^const (\w+) = require\("([^"]+)"\);$/gm)].map(([, as = "", module = ""]) => [
            as,
            module,
          ]),
        );
        const load = createRequire(__filename);
        const missing = [...source(name).matchAll(/\b(\w+)\.(\w+)/g)].filter(([, as = "", property = ""]) => {
          const module = modules.get(as);
          return module !== undefined && !(property in (load(module) as object));
        });
        expect(modules.size).to.be.above(3);
        expect(missing.map(([use]) => use)).to.deep.equal([]);
      });

      it("names the variable that is missing when it starts without its environment", async () => {
        // Every function works on one of these.
        const variable = ["IMAGE_METADATA_TABLE", "TEMP_IMAGES_BUCKET", "EVENT_BUS_NAME"].find(
          (one) => one in variables(name),
        )!;
        const { [variable]: left, ...others } = variables(name);
        expect(left).to.be.a("string");
        const failure = await invoke(name, { Records: [] }, others).then(() => "", String);
        expect(failure).to.include(`the environment variable ${variable} is not set`);
      });
    });
  }

  it("are the same in every run and every stack, so that nothing is deployed that did not change", async () => {
    const { stack } = await declareUncached("prod");
    for (const { name, given } of stack.all("Function")) {
      expect((given.code as { assets: object }).assets, name).to.deep.equal(assets(name));
    }
  });

  for (const name of consumers) {
    it(`${name} answers a batch: a message that is not JSON fails alone`, async () => {
      const body = name === "RawImagePutProcess" ? { Event: "s3:TestEvent" } : {};
      const Records = [
        { messageId: "torn", body: "{", attributes: { ApproximateReceiveCount: "1" } },
        { messageId: "odd", body: JSON.stringify(body), attributes: { ApproximateReceiveCount: "1" } },
      ];
      const failed = name === "RawImagePutProcess" ? ["torn"] : ["torn", "odd"];
      const { batchItemFailures } = answerOf(await invoke(name, { Records })) as {
        batchItemFailures: { itemIdentifier: string }[];
      };
      expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).to.have.members(failed);
    });
  }

  it("ImageEventProcess answers a batch: a change that cannot be announced now comes again", async () => {
    const image = {
      original: { S: "a.jpg" },
      id: { S: "id" },
      epoch: { N: "0" },
      status: { S: "DELETED" },
      updatedAt: { S: "2030-01-01T00:00:00.000Z" },
    };
    const Records = [
      { dynamodb: { SequenceNumber: "1", OldImage: image, NewImage: image } },
      { dynamodb: { SequenceNumber: "2", NewImage: image } },
    ];
    expect(answerOf(await invoke("ImageEventProcess", { Records }))).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: "2" }],
    });
  });

  it("UploadProcess grants an upload, without a call to AWS", async () => {
    const request = { body: Buffer.from('{"object":"a.jpg"}').toString("base64"), isBase64Encoded: true };
    const answer = answerOf(await invoke("UploadProcess", request)) as { statusCode: number; body: string };
    expect(answer.statusCode).to.equal(201);
    expect(JSON.parse(answer.body)).to.deep.include({ object: "a.jpg", method: "POST" });
  });

  it("RawImageListProcess refuses a bad request, and answers 500 when AWS cannot be reached", async () => {
    for (const [limit, status] of [
      ["0", 400],
      ["1", 500],
    ] as const) {
      const answer = answerOf(
        await invoke("RawImageListProcess", { multiValueQueryStringParameters: { limit: [limit] } }),
      );
      expect(answer).to.include({ statusCode: status });
    }
  });

  for (const name of ["RawImageDeleteProcess", "RawImageGetProcess"]) {
    it(`${name} answers a request that cannot be served`, async () => {
      const request = { pathParameters: { object: "%E0" }, requestContext: { requestId: "r1" } };
      const answer = answerOf(await invoke(name, request)) as { statusCode: number; body: string };
      expect(answer.statusCode).to.equal(400);
      expect(JSON.parse(answer.body)).to.have.nested.property("error.code", "BadObjectName");
    });

    it(`${name} answers 500 with the request's id when AWS cannot be reached`, async () => {
      const request = { pathParameters: { object: "a.jpg" }, requestContext: { requestId: "r1" } };
      const answer = answerOf(await invoke(name, request)) as { statusCode: number; body: string };
      expect(answer.statusCode).to.equal(500);
      expect(answer.body).to.include("request id r1");
    });
  }
});
