import { join } from "node:path";

import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";

import { LocalService } from "../../tools/commands";
import { photo, picture, temporaryFolder } from "./support";

/** Many uploads of one name: their work grows with their number, not with its square. */
describe("many uploads of one name", function () {
  this.timeout(180_000);
  const data = temporaryFolder();
  let service: LocalService;
  let s3: S3Client;
  const start = async (folder: string, ...flags: string[]) => {
    service = await LocalService.start({ data: join(data, folder), flags });
    const { aws, region } = service.endpoints;
    s3 = new S3Client({ endpoint: aws, region, credentials: service.keys, forcePathStyle: true });
  };
  afterEach(async () => {
    s3.destroy();
    await service.stop();
  });

  const bucket = () => String(service.endpoints.outputs.tempImagesBucket);
  /** Stores uploads as API Gateway does, past its throttle, 20 at a time. */
  async function upload(name: string, bodies: Uint8Array[]): Promise<void> {
    const waiting = [...bodies];
    const worker = async () => {
      for (let Body = waiting.shift(); Body; Body = waiting.shift())
        await s3.send(new PutObjectCommand({ Bucket: bucket(), Key: `images/${name}`, Body }));
    };
    await Promise.all(Array.from({ length: 20 }, worker));
  }
  const left = async () =>
    (await s3.send(new ListObjectVersionsCommand({ Bucket: bucket(), Prefix: "images/" }))).Versions?.length ?? 0;
  const said = (pattern: RegExp) => service.output.filter((line) => pattern.test(line)).length;

  it("clears away each generation once, and another image becomes READY meanwhile", async () => {
    await start("many", "--verbose");
    const bodies = await Promise.all(Array.from({ length: 8 }, (_, i) => picture(i)));
    const uploads = Array.from({ length: 400 }, (_, i) => bodies[i % bodies.length]!);
    const all = upload("busy.jpg", uploads);
    await service.put("other.jpg", photo("p12.jpg"));
    await service.untilStatus("other.jpg", "READY");
    await all;
    while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 200));
    await service.until("busy.jpg", (_code, image) => image.status === "READY" && image.pending === undefined);
    const stored = said(/busy\.jpg: stored/);
    expect(stored).to.be.above(1);
    // Each stored generation but the last is cleared once; where its renditions were under way, the run that finds it stale
    // asks once more; a message that is delivered twice is cleared again.
    const cleared = said(/busy\.jpg: cleared/);
    expect(cleared, `${stored} stored`).to.be.below(3 * stored);
  });

  it("are all removed by one DELETE, repeated where it asks for that", async () => {
    // S3 tells of no upload, so that all of them wait.
    await start("waiting", "--faults", "lose=100");
    const body = await picture(1);
    await upload(
      "gone.jpg",
      Array.from({ length: 2_500 }, () => body),
    );
    expect(await left()).to.equal(1_000); // a page of the list
    let answer = await service.delete("gone.jpg");
    for (; answer.status === 503; answer = await service.delete("gone.jpg"))
      expect(answer.headers.get("retry-after")).to.equal("1");
    expect(answer.status).to.equal(202);
    expect(await left()).to.equal(0);
    await service.until("gone.jpg", (code) => code === 410);
  });
});
