import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import type { ImageStatus } from "../../handlers/protocol/rawImageGetProcess";
import { signedFetch, startHere } from "../../tools/commands";
import { parseFaults, type LocalRun } from "../../tools/embedded-aws";
import { fetchRenditions, picture, temporaryFolder } from "./support";

const TWO_HOURS_MS = 2 * 60 * 60 * 1000;

describe("an upload of which S3 does not tell", function () {
  this.timeout(120_000);
  const data = temporaryFolder();
  let run: LocalRun;
  before(async () => {
    run = await startHere(data, {
      faults: parseFaults("lose=100"),
      // The sweep leaves alone what is younger than an hour.
      s3Now: () => Date.now() - TWO_HOURS_MS,
    });
  });
  after(() => run.close());

  const call = (method: string, body?: Uint8Array) =>
    signedFetch({
      method,
      body,
      url: `${String(run.outputs.apiUrl)}/raw/lost.jpg`,
      region: run.place.region,
      headers: body === undefined ? {} : { "content-type": "image/jpeg" },
      keys: run.cloud.iam.owner,
    });
  const image = async () => (await (await call("GET")).json()) as ImageStatus | { status: "UPLOADED" };

  it("waits until the sweep's schedule finds it, and becomes an image", async () => {
    expect((await call("PUT", await picture(1))).status).to.equal(202);
    expect(await image()).to.include({ status: "UPLOADED" });
    const rule = run.resources.find(({ name }) => name === "SweepProcess-schedule");
    await run.cloud.schedules.fire(String(rule?.inputs.name));
    let now = await image();
    for (; now.status !== "READY"; now = await image()) await delay(50);
    expect((await fetchRenditions(now)).size).to.equal(5);
  });
});
