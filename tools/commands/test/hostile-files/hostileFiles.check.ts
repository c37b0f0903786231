import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import sharp from "sharp";

import { LocalService } from "../../support/localService";
import { hostileFiles, type HostileFile } from "./hostileFiles";

/** Whatever a file does, the service says what became of it, and goes on. */
describe("the running service and hostile files", function () {
  this.timeout(300_000);
  const data = mkdtempSync(join(tmpdir(), "hostile-"));
  let service: LocalService;
  let files: HostileFile[];
  before(async () => {
    service = await LocalService.start({ data });
    files = await hostileFiles();
    await Promise.all(files.map(({ name, body }) => service.put(name, body)));
  });
  after(async () => {
    await service.stop();
    rmSync(data, { recursive: true, force: true });
  });

  it("make it say READY, with renditions that can be decoded, or why not", async () => {
    const counts = new Map<string, number>();
    for (const { name } of files) {
      const image = await service.until(name, (_code, { status }) => ["READY", "REJECTED", "FAILED"].includes(status), {
        seconds: 120,
      });
      counts.set(image.status, (counts.get(image.status) ?? 0) + 1);
      if (image.status !== "READY") expect(image.reason, name).to.match(/\w/);
      for (const { url, width, height } of image.status === "READY" ? image.renditions : []) {
        const response = await fetch(url);
        const { info } = await sharp(Buffer.from(await response.arrayBuffer()))
          .raw()
          .toBuffer({ resolveWithObject: true });
        expect({ width: info.width, height: info.height }, name).to.deep.equal({ width, height });
      }
    }
    console.log(
      `      ${files.length} files: ${[...counts].map(([status, count]) => `${count} ${status}`).join(", ")}`,
    );
    expect([...counts.keys()]).to.include.members(["READY", "REJECTED"]);
  });

  it("leave it fit for a good photo", async () => {
    const create = { width: 600, height: 400, channels: 3 as const, background: "#483" };
    await service.put("good.jpg", await sharp({ create }).jpeg().toBuffer());
    await service.untilStatus("good.jpg", "READY");
  });

  it("crash no function, and end in no dead-letter queue", async () => {
    expect(service.output.filter((line) => /timed out|Runtime exited|signal|out of memory/i.test(line))).to.deep.equal(
      [],
    );
    const { aws: endpoint, region, resources } = service.endpoints;
    const sqs = new SQSClient({ endpoint, region, credentials: service.keys });
    for (const [name, { type, id }] of Object.entries(resources)) {
      if (type !== "aws:sqs/queue:Queue") continue;
      const command = new GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ["ApproximateNumberOfMessages"] });
      const { Attributes = {} } = await sqs.send(command);
      expect(Attributes.ApproximateNumberOfMessages, name).to.equal("0");
    }
    sqs.destroy();
  });
});
