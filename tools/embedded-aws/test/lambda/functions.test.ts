import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect } from "chai";
import type { AwsError } from "../../http/awsError";
import type { Principal } from "../../iam/principal";
import { archiveOf, type LambdaTest, startLambda } from "./support";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { gatherFrom } from "../../program/program";
import { testPlace } from "../support/aws";

/** The code of a function as a program declares it, after it went through Pulumi's serialisation. */
async function codeAsGathered(code: pulumi.asset.Archive): Promise<unknown> {
  const program = () => new aws.lambda.LayerVersion("code", { layerName: "code", code });
  const { resources } = await gatherFrom(program, { project: "p", stack: "s", config: {}, place: testPlace() });
  return resources.find(({ name }) => name === "code")?.inputs.code;
}

describe("Lambda functions", () => {
  let test: LambdaTest;
  before(async () => (test = await startLambda()));
  after(() => test.close());

  const refusal = async (promise: Promise<unknown>): Promise<AwsError> => {
    try {
      await promise;
    } catch (error) {
      return error as AwsError;
    }
    throw new Error("it was not refused");
  };
  const handler = "exports.handler = async () => 1;";

  describe("are refused", () => {
    it("with a runtime that is not Node 22 or 24", async () => {
      const error = await refusal(test.declare("python", handler, { runtime: "python3.13" }));
      expect(error.status).to.equal(501);
      expect(error.message).to.contain("python3.13");
    });

    it("with a role that Lambda may not assume", async () => {
      const role = `arn:aws:iam::${test.aws.place.accountId}:role/others`;
      const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
      test.aws.iam.putRole({ arn: role, trustPolicy: { Statement: [trust] } });
      const error = await refusal(test.declare("distrusted", handler, { role }));
      expect(error.message).to.contain("cannot be assumed by Lambda");
    });

    it("with a timeout, a memory size or a variable that Lambda does not take", async () => {
      expect((await refusal(test.declare("x", handler, { timeoutSeconds: 901 }))).message).to.contain("901");
      expect((await refusal(test.declare("x", handler, { memoryMb: 64 }))).message).to.contain("64");
      const environment = { AWS_REGION: "mars" };
      expect((await refusal(test.declare("x", handler, { environment }))).message).to.contain("AWS_REGION");
    });

    it("with a layer that does not exist", async () => {
      expect((await refusal(test.declare("x", handler, { layers: ["arn:none:1"] }))).message).to.contain("arn:none:1");
    });

    it("with code from a folder that does not exist, naming it", async () => {
      const code = { path: "/nowhere/at/all" };
      expect((await refusal(test.declare("x", "", { code }))).message).to.contain("/nowhere/at/all does not exist");
      const zip = { path: __filename };
      expect((await refusal(test.declare("x", "", { code: zip }))).status).to.equal(501);
      const remote = { uri: "https://example.com/code.zip" };
      expect((await refusal(test.declare("x", "", { code: remote }))).status).to.equal(501);
    });

    // "String measured" is the environment as JSON: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    it("with more than 4 KB of environment, as JSON", async () => {
      const fits = { QUOTES: '"'.repeat((4096 - '{"QUOTES":""}'.length) / 2) };
      await test.declare("x", handler, { environment: fits });
      const { message, code } = await refusal(test.declare("x", handler, { environment: { ...fits, A: "" } }));
      expect(code).to.equal("InvalidParameterValueException");
      expect(message).to.contain("exceeded the 4KB limit. String measured: {");
    });

    it("with a file that leads out of its archive", async () => {
      const code = archiveOf({ "../../outside.js": "" });
      expect((await refusal(test.declare("x", "", { code }))).message).to.contain("leads out");
    });
  });

  it("take their code from folders, files and nested archives", async () => {
    const folder = join(test.aws.dir, "code");
    mkdirSync(folder);
    writeFileSync(join(folder, "part.js"), "module.exports = 'part';");
    const { FileArchive, FileAsset, AssetArchive, StringAsset } = pulumi.asset;
    const code = await codeAsGathered(
      new AssetArchive({
        "__index.js": new StringAsset("exports.handler = async () => [require('./a/b/part'), require('./c')];"),
        "c.js": new FileAsset(join(folder, "part.js")),
        a: new AssetArchive({ b: new FileArchive(folder) }),
      }),
    );
    await test.declare("parts", "", { code });
    expect((await test.invoke("parts")).payload).to.deep.equal(["part", "part"]);
    await test.declare("whole", "", { code: await codeAsGathered(new FileArchive(folder)), handler: "part.length" });
    const { codeFolder } = test.lambda.functionConfig("whole");
    expect(readFileSync(join(codeFolder, "part.js"), "utf8")).to.contain("part");
  });

  describe("of others", () => {
    const gateway = (sourceArn: string): Principal => ({
      kind: "service",
      arn: "apigateway.amazonaws.com",
      accountId: test.aws.place.accountId,
      sourceArn,
      sourceAccount: test.aws.place.accountId,
    });

    it("are invoked by services only with a permission, for its source", async () => {
      const arn = await test.declare("api", handler);
      const source = "arn:aws:execute-api:eu-central-1:123456789012:abc/dev/GET/raw/x";
      const call = (from: string) => test.lambda.invoke(arn, {}, gateway(from));
      expect((await refusal(call(source))).code).to.equal("AccessDenied");
      test.lambda.declarePermission({
        statementId: "gateway",
        functionName: "api",
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: "arn:aws:execute-api:eu-central-1:123456789012:abc/*/GET/*",
      });
      expect((await call(source)).payload).to.equal(1);
      expect((await refusal(call("arn:aws:execute-api:eu-central-1:123456789012:other/dev/GET/x"))).code).to.equal(
        "AccessDenied",
      );
    });

    it("are invoked by roles that may, and by no others", async () => {
      const arn = await test.declare("shared", handler);
      const principalOf = (role: string) =>
        test.aws.iam.lookup(test.aws.iam.credentialsOf(role).accessKeyId)!.principal;
      const friend = test.aws.role("friend", [{ Action: "lambda:InvokeFunction", Resource: arn }]);
      expect((await test.lambda.invoke(arn, {}, principalOf(friend))).payload).to.equal(1);
      const stranger = test.aws.role("stranger");
      expect((await refusal(test.lambda.invoke(arn, {}, principalOf(stranger)))).code).to.equal("AccessDenied");
    });

    it("are unknown by another name", async () => {
      expect((await refusal(test.invoke("unknown"))).code).to.equal("ResourceNotFoundException");
    });
  });

  // AWS Lambda API Reference: Invoke, GetFunction, ListFunctions.
  describe("over the wire", () => {
    const call = async (method: string, path: string, body = "", headers: Record<string, string> = {}) => {
      const response = await test.lambda.handle({
        service: "lambda",
        method,
        path,
        query: new URLSearchParams(),
        headers,
        principal: test.owner,
        body: Readable.from([Buffer.from(body)]),
        requestId: "id",
        secure: true,
      });
      return { ...response, body: response.body as string };
    };

    it("are invoked", async () => {
      await test.declare(
        "wired",
        "exports.handler = async (event) => { if (event.bad) throw new Error('bad'); return event; };",
      );
      const good = await call("POST", "/2015-03-31/functions/wired/invocations", '{"a":1}');
      expect(good).to.include({ status: 200, body: '{"a":1}' });
      expect(good.headers).to.not.have.property("x-amz-function-error");
      const bad = await call("POST", "/2015-03-31/functions/wired/invocations", '{"bad":1}');
      expect(bad.headers["x-amz-function-error"]).to.equal("Unhandled");
      expect(bad.body).to.contain('"errorMessage":"bad"');
      expect((await call("POST", "/2015-03-31/functions/wired/invocations", "{")).status).to.equal(400);
      expect((await call("POST", "/2015-03-31/functions/none/invocations", "{}")).status).to.equal(404);
    });

    it("are described and listed", async () => {
      await test.declare("described", handler, { timeoutSeconds: 9 });
      const one = JSON.parse((await call("GET", "/2015-03-31/functions/described")).body) as { Configuration: object };
      expect(one.Configuration).to.include({ FunctionName: "described", Timeout: 9, Runtime: "nodejs24.x" });
      const all = JSON.parse((await call("GET", "/2015-03-31/functions/")).body) as { Functions: object[] };
      expect(all.Functions.map((f) => (f as { FunctionName: string }).FunctionName)).to.include("described");
    });

    it("answer 501 with the name of what is not implemented", async () => {
      const event = { "x-amz-invocation-type": "Event" };
      const answers = [
        await call("POST", "/2015-03-31/functions/described/invocations", "{}", event),
        await call("DELETE", "/2015-03-31/functions/described"),
        await call("POST", "/2015-03-31/functions", "{}"),
      ];
      expect(answers.map(({ status }) => status)).to.deep.equal([501, 501, 501]);
      expect(answers[1]?.body).to.contain("DELETE /2015-03-31/functions/described");
    });
  });
});
