import { expect } from "chai";
import { proxy, upload } from "./documents";
import { send, startGateway, type Fakes } from "./support";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
describe("API Gateway: throttling", () => {
  let fakes: Fakes;
  let now: number;
  beforeEach(async () => {
    now = Date.UTC(2026, 0, 1);
    fakes = await startGateway({ now: () => now });
  });
  afterEach(() => fakes.close());
  const statuses = async (method: string, times: number): Promise<number[]> => {
    const all: number[] = [];
    for (let i = 0; i < times; i++) all.push((await send(fakes.url, "/dev/raw/a", { method })).status);
    return all;
  };

  it("lets a burst through, then a number of requests a second, and answers 429 to the others", async () => {
    fakes.deploy(proxy());
    fakes.gateway.putMethodSettings("abcdefghij", "dev", "*/*", { throttlingRateLimit: 2, throttlingBurstLimit: 3 });
    expect(await statuses("GET", 4)).to.deep.equal([200, 200, 200, 429]);
    const refused = await send(fakes.url, "/dev/raw/a");
    expect([refused.text, refused.headers["x-amzn-errortype"]]).to.deep.equal([
      '{"message":"Too Many Requests"}',
      "TooManyRequestsException",
    ]);
    now += 1000;
    expect(await statuses("GET", 3)).to.deep.equal([200, 200, 429]);
    now += 60_000;
    expect(await statuses("GET", 4)).to.deep.equal([200, 200, 200, 429]);
    expect(fakes.events).to.have.length(8);
  });

  it("counts each method for itself, by its own setting where it has one", async () => {
    const document = upload() as { paths: Record<string, object> };
    const get = (proxy() as { paths: Record<string, Record<string, object>> }).paths["/raw/{object}"]!;
    fakes.deploy({
      ...document,
      paths: { "/raw/{object}": { ...document.paths["/raw/{object}"], get: get["x-amazon-apigateway-any-method"] } },
    });
    fakes.gateway.putMethodSettings("abcdefghij", "dev", "*/*", { throttlingRateLimit: 1, throttlingBurstLimit: 2 });
    expect(await statuses("GET", 3)).to.deep.equal([200, 200, 429]);
    expect(await statuses("PUT", 3)).to.deep.equal([202, 202, 429]);
    fakes.gateway.putMethodSettings("abcdefghij", "dev", "raw~1{object}/PUT", {
      throttlingRateLimit: 1,
      throttlingBurstLimit: 1,
    });
    expect(await statuses("PUT", 2)).to.deep.equal([202, 429]);
    expect(await statuses("GET", 3)).to.deep.equal([200, 200, 429]);
  });

  it("answers in the API's own words where it has some", async () => {
    const own = {
      THROTTLED: {
        statusCode: "429",
        responseTemplates: { "application/json": '{"slow":"down"}' },
        responseParameters: { "gatewayresponse.header.X-Hint": "'later'" },
      },
    };
    fakes.deploy(proxy({ document: { "x-amazon-apigateway-gateway-responses": own } }));
    fakes.gateway.putMethodSettings("abcdefghij", "dev", "*/*", { throttlingRateLimit: 0, throttlingBurstLimit: 0 });
    const reply = await send(fakes.url, "/dev/raw/a");
    expect([reply.status, reply.text, reply.headers["x-hint"]]).to.deep.equal([429, '{"slow":"down"}', "later"]);
  });
});
