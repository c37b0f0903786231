import { expect } from "chai";

import { send, startGateway, type Fakes } from "./support";

describe("the bare address of the REST APIs", () => {
  let fakes: Fakes;
  beforeEach(async () => (fakes = await startGateway()));
  afterEach(() => fakes.close());
  const html = { accept: "text/html,*/*;q=0.8" };

  it("leads a browser to the page that there is", async () => {
    fakes.gateway.setFrontPage("http://127.0.0.1:4002");
    const { status, headers } = await send(fakes.url, "/", { headers: html });
    expect([status, headers.location, headers["cache-control"]]).to.deep.equal([
      302,
      "http://127.0.0.1:4002",
      "no-store",
    ]);
  });

  it("answers 403 to everything else, and to a browser where there is no page", async () => {
    const refused = async (...request: Parameters<typeof send> extends [string, ...infer Rest] ? Rest : never) => {
      const { status, text } = await send(fakes.url, ...request);
      expect([status, text], JSON.stringify(request)).to.deep.equal([403, '{"message":"Forbidden"}']);
    };
    await refused("/", { headers: html });
    fakes.gateway.setFrontPage("http://127.0.0.1:4002");
    await refused("/");
    await refused("/", { headers: { accept: "application/json" } });
    await refused("/", { method: "POST", headers: html });
    await refused("/prod", { headers: html });
  });
});
