import { expect } from "chai";

import { readyText } from "../../start/ready";
import { root } from "../cli/support";

describe("the lines of npm start", () => {
  const text = (outputs: Record<string, unknown>): string =>
    readyText({
      stack: "dev",
      data: "/data",
      root,
      resources: 201,
      seconds: 1,
      auth: "none",
      endpoints: {
        api: "http://127.0.0.1:4000/dev",
        aws: "http://127.0.0.1:4001",
        region: "eu-west-1",
        accessKeyId: "id",
        secretAccessKey: "secret",
        outputs,
      },
    });

  it("show the commands of images before curl", () => {
    const commands = [...text({}).matchAll(/^ {2}(?:npx snail (\w+)|(curl)) /gm)].map(
      ([, snail, curl]) => snail ?? curl,
    );
    expect(commands).to.deep.equal(["send", "show", "list", "open", "delete", "curl", "curl"]);
  });

  it("tell where CloudFront serves images, where it does", () => {
    expect(text({ deliveryUrl: null })).not.to.include("CloudFront");
    expect(text({ deliveryUrl: "http://127.0.0.1:4002" })).to.match(/^ {2}images {3}http:\/\/127\.0\.0\.1:4002 /m);
  });
});
