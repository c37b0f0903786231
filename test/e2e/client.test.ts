import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { LocalService } from "../../tools/commands";
import { temporaryFolder } from "./support";

const root = join(__dirname, "../..");

describe("the client's README", function () {
  this.timeout(120_000);
  const data = temporaryFolder();
  let service: LocalService;
  before(async () => {
    service = await LocalService.start({ data });
  });
  after(() => service.stop());

  it("has an example for Node that uploads a photo, waits, deletes it, and tells an error", async () => {
    const [, code = ""] = /```ts\n(.*?)```/s.exec(readFileSync(join(root, "client/README.md"), "utf8")) ?? [];
    const file = join(data, "example.mts");
    writeFileSync(file, code.replace('"./client"', JSON.stringify(join(root, "client/index.ts"))));
    const { api, region, accessKeyId, secretAccessKey } = service.endpoints;
    const env = {
      ...process.env,
      API_URL: api,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      FILE: join(root, "test/photos/p12.jpg"),
    };
    const args = ["--import", join(root, "node_modules/tsx/dist/loader.mjs"), file];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const lines = stdout.trim().split("\n");
    expect(lines).to.include("100 %");
    expect(lines.filter((line) => /^\w+ \d+ \d+ http/.test(line)).map((line) => line.split(" ")[0])).to.deep.equal([
      "large",
      "medium",
      "small",
      "preview",
      "thumbnail",
    ]);
    expect(lines.at(-1)).to.match(/^NotFound There is no image "unknown\.jpg"\./);
    await service.until("photo.jpg", (status) => status === 410);
  });
});
