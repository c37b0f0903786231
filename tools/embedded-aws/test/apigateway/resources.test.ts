import { expect } from "chai";
import { apigatewayResourceTypes as types } from "../../apigateway/resources";
import type { Inputs } from "../../resourceType";
import { proxy, upload } from "./documents";
import { place, send, startGateway, type Fakes } from "./support";
import { stateOf } from "../support/stateOf";

const api = "aws:apigateway/restApi:RestApi";
const deployment = "aws:apigateway/deployment:Deployment";
const stage = "aws:apigateway/stage:Stage";
const settings = "aws:apigateway/methodSettings:MethodSettings";
const account = "aws:apigateway/account:Account";

describe("aws:apigateway resources", () => {
  it("compute what AWS computes", () => {
    const outputs = stateOf(types, api, { name: "ImageApi", inputs: { name: "ImageApi-0a1b2c3" }, place });
    const { id } = outputs;
    expect(id).to.match(/^[a-z0-9]{10}$/);
    expect(stateOf(types, api, { name: "Other", inputs: { name: "ImageApi-0a1b2c3" }, place }).id).to.equal(id);
    expect(outputs).to.deep.include({
      arn: `arn:aws:apigateway:us-east-1::/restapis/${id}`,
      executionArn: `arn:aws:execute-api:us-east-1:000000000000:${id}`,
    });
    const inputs = { restApi: id, stageName: "dev", deployment: "d" };
    expect(stateOf(types, stage, { name: "Stage", inputs, place })).to.deep.include({
      id: `ags-${id}-dev`,
      arn: `arn:aws:apigateway:us-east-1::/restapis/${id}/stages/dev`,
      executionArn: `arn:aws:execute-api:us-east-1:000000000000:${id}/dev`,
      invokeUrl: "http://127.0.0.1:4000/dev",
    });
    const real = { ...place, apiUrl: "https://{apiId}.execute-api.us-east-1.amazonaws.com" };
    expect(stateOf(types, stage, { name: "Stage", inputs, place: real })).to.deep.include({
      invokeUrl: `https://${id}.execute-api.us-east-1.amazonaws.com/dev`,
    });
  });

  describe("applied", () => {
    let fakes: Fakes;
    beforeEach(async () => (fakes = await startGateway()));
    afterEach(() => fakes.close());
    const apply = async (type: string, name: string, inputs: Inputs): Promise<string> => {
      const { id, ...outputs } = stateOf(types, type, { name, inputs, place });
      await types[type]!.apply!(
        { apigateway: fakes.gateway },
        { type, name, inputs, id, state: { ...inputs, ...outputs } },
      );
      return id;
    };
    const declare = async (document: object, stageInputs: Inputs = {}, name = "ImageApi"): Promise<string> => {
      const restApi = await apply(api, name, { name, body: JSON.stringify(document) });
      const deployed = await apply(deployment, name, { restApi, triggers: { body: "1" } });
      await apply(stage, name, { restApi, deployment: deployed, stageName: "dev", ...stageInputs });
      return restApi;
    };

    // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
    it("serve the stage, and write its access log and the reasons of its failures as the account's role", async () => {
      const format =
        '{"id":"$context.requestId","status":"$context.status","path":"$context.path","agent":"$context.identity.userAgent","none":"$context.unknown"}';
      const destinationArn = "arn:aws:logs:us-east-1:000000000000:log-group:/api/access:*";
      const restApi = await declare(proxy(), { accessLogSettings: { destinationArn, format } });
      await apply(settings, "Settings", {
        restApi,
        stageName: "dev",
        methodPath: "*/*",
        settings: { loggingLevel: "ERROR", throttlingRateLimit: 10 },
      });
      await apply(account, "Account", { cloudwatchRoleArn: "arn:aws:iam::000000000000:role/logs" });
      fakes.lambda = () => ({ payload: "broken" });
      const reply = await send(fakes.url, "/dev/raw/a", { headers: { "user-agent": 'say "hi"' } });
      const [access, execution] = fakes.lines;
      expect(access!.group).to.equal("/api/access");
      expect(access!.principal.arn).to.equal("arn:aws:iam::000000000000:role/logs");
      const id = reply.headers["x-amzn-requestid"];
      expect(JSON.parse(access!.line)).to.deep.equal({
        id,
        status: "502",
        path: "/dev/raw/a",
        agent: 'say "hi"',
        none: "-",
      });
      expect(execution!.group).to.equal(`API-Gateway-Execution-Logs_${restApi}/dev`);
      expect(execution!.line).to.contain("Malformed Lambda proxy response");
    });

    it("say once what is missing when a log can not be written, and serve on", async () => {
      await declare(proxy(), { accessLogSettings: { destinationArn: "arn:aws:logs:x:y:log-group:g", format: "x" } });
      await apply(account, "Account", { cloudwatchRoleArn: "arn:aws:iam::000000000000:role/untrusted" });
      for (let n = 0; n < 2; n++) expect((await send(fakes.url, "/dev/raw/a")).status).to.equal(200);
      expect(fakes.announced.filter((line) => line.includes("can not write to the log group g"))).to.have.length(1);
    });

    it("write logs as the account's own role where the program sets none", async () => {
      await declare(proxy(), { accessLogSettings: { destinationArn: "arn:aws:logs:x:y:log-group:g", format: "x" } });
      expect((await send(fakes.url, "/dev/raw/a")).status).to.equal(200);
      expect(fakes.lines.map(({ group, principal }) => [group, principal.arn])).to.deep.equal([
        ["g", "arn:aws:iam::000000000000:role/api-gateway-logs"],
      ]);
    });

    it("refuse two APIs with a stage of one name, which share the local address", async () => {
      await declare(proxy());
      const failure = await declare(upload(), {}, "Second").catch((error: unknown) => (error as Error).message);
      expect(failure).to.contain("ImageApi").and.contain("Second").and.contain('"dev"');
    });

    it("refuse an API without a body", async () => {
      const failure = await apply(api, "Bare", { name: "Bare" }).catch((error: unknown) => (error as Error).message);
      expect(failure).to.contain("Bare has no body");
    });
  });
});
