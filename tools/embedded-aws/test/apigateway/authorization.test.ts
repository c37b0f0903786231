import { expect } from "chai";
import { cognitoSecurity, iamSecurity, proxy } from "./documents";
import { caller, send, signed, startGateway, type Fakes } from "./support";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
describe("API Gateway: authorisation", () => {
  let fakes: Fakes;
  beforeEach(async () => (fakes = await startGateway()));
  afterEach(() => fakes.close());
  const target = "/dev/raw/%C3%84%20b%2Bc.jpg?x=1";

  it("asks IAM whether the signer may invoke the method, and tells the function who it is", async () => {
    fakes.deploy(proxy(iamSecurity));
    const body = Buffer.from("{}");
    const headers = await signed(fakes.url, target, { method: "POST", body });
    const reply = await send(fakes.url, target, { method: "POST", body, headers });
    expect(reply.status).to.equal(200);
    expect(fakes.questions).to.have.length(1);
    expect(fakes.questions[0]).to.deep.include({
      principal: caller,
      action: "execute-api:Invoke",
      resource: "arn:aws:execute-api:us-east-1:000000000000:abcdefghij/dev/POST/raw/%C3%84%20b%2Bc.jpg",
    });
    const { identity } = fakes.events[0]!.event.requestContext as { identity: object };
    expect(identity).to.deep.include({ userArn: caller.arn, accessKey: "AKIDEXAMPLE" });
  });

  const refusals: [string, (headers: Record<string, string>) => Record<string, string>, string][] = [
    ["no signature", () => ({}), "Missing Authentication Token"],
    [
      "a changed signature",
      (headers) => ({
        ...headers,
        authorization: headers.authorization!.replace(/.$/, (c) => (c === "0" ? "1" : "0")),
      }),
      "The request signature we calculated does not match",
    ],
    [
      "an unknown key",
      (headers) => ({ ...headers, authorization: headers.authorization!.replace("AKIDEXAMPLE", "AKIDOTHER") }),
      "The security token included in the request is invalid",
    ],
  ];
  for (const [what, change, message] of refusals)
    it(`answers 403 to ${what} and calls nothing`, async () => {
      fakes.deploy(proxy(iamSecurity));
      const reply = await send(fakes.url, target, { headers: change(await signed(fakes.url, target)) });
      expect(reply.status).to.equal(403);
      expect((JSON.parse(reply.text) as { message: string }).message).to.contain(message);
      expect(fakes.events).to.deep.equal([]);
    });

  it("answers 403 to a signature for another service, or over another body", async () => {
    fakes.deploy(proxy(iamSecurity));
    const other = await signed(fakes.url, target, { service: "sqs" });
    expect((await send(fakes.url, target, { headers: other })).status).to.equal(403);
    const headers = await signed(fakes.url, target, { method: "POST", body: Buffer.from("a") });
    const changed = await send(fakes.url, target, { method: "POST", headers, body: Buffer.from("b") });
    expect(changed.status).to.equal(403);
    expect(fakes.events).to.deep.equal([]);
  });

  it("answers 403 to a signature for another region", async () => {
    fakes.deploy(proxy(iamSecurity));
    const headers = await signed(fakes.url, target, { region: "eu-west-1" });
    expect((await send(fakes.url, target, { headers })).status).to.equal(403);
    expect(fakes.events).to.deep.equal([]);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
  it("does not use the security of the document's root", async () => {
    const { operation, document } = iamSecurity;
    fakes.deploy(proxy({ document: { ...document, ...operation } }));
    expect((await send(fakes.url, target)).status).to.equal(200);
    expect(fakes.questions).to.deep.equal([]);
  });

  it("answers 403 with IAM's words when the policy does not allow it", async () => {
    fakes.deploy(proxy(iamSecurity));
    fakes.denies = ({ action }) => action === "execute-api:Invoke";
    const reply = await send(fakes.url, target, { headers: await signed(fakes.url, target) });
    expect([reply.status, reply.headers["x-amzn-errortype"]]).to.deep.equal([403, "AccessDeniedException"]);
    expect(reply.text).to.contain(`${caller.arn} is not authorized`);
    expect(fakes.events).to.deep.equal([]);
  });

  it("answers 401 to anything but a token that is known to be good, where a user pool guards the API", async () => {
    fakes.deploy(proxy(cognitoSecurity));
    for (const authorization of [undefined, "Bearer eyJ.x.y"]) {
      const reply = await send(fakes.url, target, authorization === undefined ? {} : { headers: { authorization } });
      expect([reply.status, reply.text]).to.deep.equal([401, '{"message":"Unauthorized"}']);
    }
    const verifying = await startGateway({
      verifyToken: async (token, pools) =>
        token === "good" && pools[0]?.endsWith("us-east-1_abc") === true ? { sub: "me" } : undefined,
    });
    verifying.deploy(proxy(cognitoSecurity));
    expect((await send(verifying.url, target, { headers: { authorization: "Bearer bad" } })).status).to.equal(401);
    expect((await send(verifying.url, target, { headers: { authorization: "Bearer good" } })).status).to.equal(200);
    const context = verifying.events[0]!.event.requestContext as { authorizer: object };
    expect(context.authorizer).to.deep.equal({ claims: { sub: "me" } });
    await verifying.close();
  });

  it("asks the resource policy, whose short resource names are completed", async () => {
    const statement = { Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/dev/*" };
    fakes.deploy(
      proxy({ document: { "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: [statement] } } }),
    );
    await send(fakes.url, target);
    expect(fakes.questions[0]!.principal.kind).to.equal("anonymous");
    expect(fakes.questions[0]!.resourcePolicy!.document.Statement).to.deep.equal([
      { ...statement, Resource: ["arn:aws:execute-api:us-east-1:000000000000:abcdefghij/dev/*"] },
    ]);
  });

  it("answers 403 to an unknown method or stage", async () => {
    fakes.deploy(proxy());
    const noResource = await send(fakes.url, "/dev/other");
    expect([noResource.status, noResource.text]).to.deep.equal([403, '{"message":"Missing Authentication Token"}']);
    const noStage = await send(fakes.url, "/prod/raw/a");
    expect([noStage.status, noStage.text]).to.deep.equal([403, '{"message":"Forbidden"}']);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
  it("answers 400 where a required parameter is missing, if a validator asks for it", async () => {
    const operation = {
      parameters: [
        { name: "X-Need", in: "header", required: true, schema: {} },
        { name: "q", in: "query", required: true, schema: {} },
      ],
    };
    const validators = { "x-amazon-apigateway-request-validators": { all: { validateRequestParameters: true } } };
    fakes.deploy(proxy({ operation, document: { ...validators, "x-amazon-apigateway-request-validator": "all" } }));
    const missing = await send(fakes.url, "/dev/raw/a");
    expect([missing.status, missing.text]).to.deep.equal([
      400,
      '{"message":"Missing required request parameters: [X-Need, q]"}',
    ]);
    expect((await send(fakes.url, "/dev/raw/a?q=1", { headers: { "X-Need": "1" } })).status).to.equal(200);
    fakes.deploy(proxy({ operation, document: validators }));
    expect((await send(fakes.url, "/dev/raw/a")).status).to.equal(200);
  });
});
