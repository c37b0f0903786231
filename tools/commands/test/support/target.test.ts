import { expect } from "chai";

import { targetOf } from "../../support/target";
import { WrongCall } from "../../support/wrongCall";

describe("the stack that snail verify looks at", () => {
  const outputs = {
    region: "eu-west-1",
    apiId: "abcdefghij",
    apiUrl: "https://abcdefghij.execute-api.eu-west-1.amazonaws.com/dev",
    apiAuth: "iam",
    tempImagesBucket: "temp",
    imagesBucket: "images",
    queueUrls: { PutRawImageQueue: "https://sqs.eu-west-1.amazonaws.com/123456789012/PutRawImageQueue-1234567" },
    deadLetterQueueUrls: {},
    eventBusName: "ImageEvents-dev",
    eventDeadLetterQueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/ImageEvents-dead-letters-1234567",
    imageMetadataTable: "table",
    alarmNames: [],
    logGroups: {},
    imageTypes: [],
    uploadLimits: {},
    allowedOrigins: [],
  };

  it("is described by its outputs: account, partition and the addresses of AWS's services", () => {
    const { accountId, partition, endpointOf } = targetOf("dev", outputs, {});
    expect({ accountId, partition }).to.deep.equal({ accountId: "123456789012", partition: "aws" });
    expect(endpointOf("monitoring")).to.equal("https://monitoring.eu-west-1.amazonaws.com");
    const china = targetOf("dev", { ...outputs, region: "cn-north-1" }, {});
    expect(china.partition).to.equal("aws-cn");
    expect(china.endpointOf("apigateway")).to.equal("https://apigateway.cn-north-1.amazonaws.com.cn");
  });

  it("must be new enough to have all of them", () => {
    const { alarmNames, apiId, ...older } = outputs;
    expect([alarmNames, apiId]).to.have.lengthOf(2);
    expect(() => targetOf("dev", older, {})).to.throw(
      "stack dev lacks outputs (apiId, alarmNames): bring it up to date with `pulumi up`",
    );
  });

  it("is called with the token of a user where the API asks for one", () => {
    const before = process.env.ID_TOKEN;
    const cognito = { ...outputs, apiAuth: "cognito" };
    try {
      delete process.env.ID_TOKEN;
      expect(() => targetOf("dev", cognito, {})).to.throw(WrongCall, "set ID_TOKEN to the token of one");
      process.env.ID_TOKEN = "a token";
      expect(targetOf("dev", cognito, {}).idToken).to.equal("a token");
    } finally {
      if (before === undefined) delete process.env.ID_TOKEN;
      else process.env.ID_TOKEN = before;
    }
  });
});
