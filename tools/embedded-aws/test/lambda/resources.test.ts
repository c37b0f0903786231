import { expect } from "chai";
import { createEventSourceMappings, type EventSourceMappings } from "../../lambda/eventSourceMappings";
import { lambdaResourceTypes } from "../../lambda/resources";
import type { Inputs } from "../../resourceType";
import { archiveOf, type LambdaTest, startLambda } from "./support";
import { stateOf } from "../support/stateOf";

describe("Lambda resource types", () => {
  let test: LambdaTest;
  let mappings: EventSourceMappings;
  before(async () => {
    test = await startLambda();
    const { lambda, sqs } = test;
    mappings = createEventSourceMappings({ lambda, sqs, iam: test.aws.iam, announce: () => undefined });
  });
  after(async () => {
    await mappings.close();
    await test.close();
  });

  /** Declares a resource as the local run does. */
  const declare = async (type: string, inputs: Inputs, name = "x"): Promise<Inputs & { id: string }> => {
    const resourceType = lambdaResourceTypes[type]!;
    const state = stateOf(lambdaResourceTypes, type, { name, inputs, place: test.aws.place });
    const services = { lambda: test.lambda, mappings };
    await resourceType.apply?.(services, { type, name, inputs, id: state.id, state: { ...inputs, ...state } });
    return state;
  };
  const functionInputs = (name: string): Inputs => ({
    name,
    code: archiveOf({ "__index.js": "exports.handler = async () => process.env.MINE + require('snail');" }),
    handler: "__index.handler",
    runtime: "nodejs24.x",
    role: test.aws.role(`${name}-role`),
  });
  const declareFunction = (inputs: Inputs) => declare("aws:lambda/function:Function", inputs);

  it("give functions AWS's ARNs and the provider's defaults", async () => {
    const arn = "arn:aws:lambda:eu-central-1:123456789012:function:plain";
    expect(await declareFunction(functionInputs("plain"))).to.deep.include({
      id: "plain",
      arn,
      invokeArn: `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
      qualifiedArn: `${arn}:$LATEST`,
      version: "$LATEST",
      timeout: 3,
      memorySize: 128,
      loggingConfig: { logFormat: "Text", logGroup: "/aws/lambda/plain" },
    });
  });

  it("run functions with their settings and layers", async () => {
    const code = archiveOf({ "nodejs/node_modules/snail/index.js": "module.exports = '!';" });
    const layer = await declare("aws:lambda/layerVersion:LayerVersion", { layerName: "packages", code });
    expect(layer).to.include({
      arn: "arn:aws:lambda:eu-central-1:123456789012:layer:packages:1",
      layerArn: "arn:aws:lambda:eu-central-1:123456789012:layer:packages",
      version: "1",
    });
    await declareFunction({
      ...functionInputs("whole"),
      environment: { variables: { MINE: "mine" } },
      layers: [layer.arn],
      loggingConfig: { logFormat: "JSON", logGroup: "/own/group" },
      reservedConcurrentExecutions: 4,
      timeout: 9,
      tracingConfig: { mode: "Active" },
    });
    expect((await test.invoke("whole")).payload).to.equal("mine!");
    expect(test.lambda.functionConfig("whole")).to.include({
      logFormat: "JSON",
      logGroup: "/own/group",
      reservedConcurrency: 4,
      timeoutSeconds: 9,
      tracing: true,
    });
  });

  it("say which folder is missing when a layer's folder does not exist", async () => {
    const code = { path: "/not/built/yet" };
    const declared = declare("aws:lambda/layerVersion:LayerVersion", { layerName: "missing", code });
    const error = await declared.catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain("layer:missing:1").and.to.contain("/not/built/yet does not exist");
  });

  it("permit services to invoke", async () => {
    const { arn } = await declareFunction({ ...functionInputs("served"), environment: { variables: { MINE: "1" } } });
    const { id } = await declare("aws:lambda/permission:Permission", {
      action: "lambda:InvokeFunction",
      function: "served",
      principal: "apigateway.amazonaws.com",
      sourceArn: "arn:aws:execute-api:eu-central-1:123456789012:api/*",
      statementId: "gateway-1234567",
    });
    expect(id).to.equal("gateway-1234567");
    const caller = {
      kind: "service" as const,
      arn: "apigateway.amazonaws.com",
      accountId: "123456789012",
      sourceArn: "arn:aws:execute-api:eu-central-1:123456789012:api/dev/GET/x",
    };
    await test.lambda.invoke(arn as string, {}, caller); // Rejects when it is not permitted.
  });

  it("map queues to functions, always under the same id", async () => {
    for (const name of ["work", "more-work"]) test.sqs.declareQueue({ name, attributes: {} });
    await declareFunction(functionInputs("mapped"));
    const inputs = {
      eventSourceArn: "arn:aws:sqs:eu-central-1:123456789012:work",
      functionName: "arn:aws:lambda:eu-central-1:123456789012:function:mapped",
      scalingConfig: { maximumConcurrency: 2 },
      functionResponseTypes: ["ReportBatchItemFailures"],
    };
    const first = await declare("aws:lambda/eventSourceMapping:EventSourceMapping", inputs, "mapping");
    const again = await declare("aws:lambda/eventSourceMapping:EventSourceMapping", inputs, "mapping");
    const elsewhere = { ...inputs, eventSourceArn: "arn:aws:sqs:eu-central-1:123456789012:more-work" };
    const other = await declare("aws:lambda/eventSourceMapping:EventSourceMapping", elsewhere, "other");
    expect(first.id).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(again).to.deep.equal(first);
    expect(other.id).to.not.equal(first.id);
    expect(first).to.include({ uuid: first.id, functionArn: inputs.functionName, batchSize: 10, state: "Enabled" });
  });

  it("refuse filter criteria and container images by name", async () => {
    const filtered = { eventSourceArn: "a", functionName: "mapped", filterCriteria: { filters: [] } };
    const mapping = await declare("aws:lambda/eventSourceMapping:EventSourceMapping", filtered).catch(String);
    expect(mapping).to.contain("filter criteria");
    const image = await declareFunction({ ...functionInputs("image"), packageType: "Image" }).catch(String);
    expect(image).to.contain("container images");
  });
});
