import { join } from "node:path";

import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";

import type { ImageEventDetail } from "../../handlers/records";
import type { ImageStatus } from "../../handlers/protocol/rawImageGetProcess";
import { signedFetch, startHere } from "../../tools/commands";
import { readStackConfig, type LocalRun } from "../../tools/embedded-aws";
import { picture, temporaryFolder } from "./support";

const root = join(__dirname, "../..");

describe("a queue that hears of images", function () {
  this.timeout(120_000);
  const data = temporaryFolder();
  let run: LocalRun;
  let sqs: SQSClient;
  const start = async (fresh: boolean): Promise<void> => {
    Reflect.deleteProperty(require.cache, join(root, "index.ts")); // the program imports it, and declares it once more
    run = await startHere(data, {
      program: join(__dirname, "eventQueueProgram.ts"),
      config: { ...readStackConfig(root, "dev"), "snail-images:delivery": "cloudfront" },
      fresh,
    });
    const { region, awsUrl } = run.place;
    sqs = new SQSClient({ region, endpoint: awsUrl, credentials: run.cloud.iam.owner });
  };
  before(() => start(true));
  const stop = async (): Promise<void> => {
    sqs.destroy();
    await run.close();
  };
  after(stop);

  const call = (method: string, name: string, body?: Uint8Array) =>
    signedFetch({
      method,
      body,
      url: `${String(run.outputs.apiUrl)}/raw/${name}`,
      region: run.place.region,
      headers: body === undefined ? {} : { "content-type": "image/jpeg" },
      keys: run.cloud.iam.owner,
    });
  interface Heard {
    source: string;
    "detail-type": string;
    detail: ImageEventDetail;
  }
  /** The next events in the queue, as many as are asked for. */
  async function heard(count: number): Promise<Heard[]> {
    const QueueUrl = String(run.outputs.heardUrl);
    const events: Heard[] = [];
    while (events.length < count) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
      for (const { Body = "", ReceiptHandle } of Messages) {
        events.push(JSON.parse(Body) as Heard);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    return events;
  }
  const kinds = (events: Heard[]) => events.map((event) => `${event.source} ${event["detail-type"]}`);

  it("is told when an image is uploaded and ready, and later when it is deleted", async () => {
    expect((await call("PUT", "a.jpg", await picture(1))).status).to.equal(202);
    const events = await heard(2);
    expect(kinds(events)).to.deep.equal(["snail-images uploaded", "snail-images ready"]);
    const [uploaded, ready] = events.map(({ detail }) => detail) as [ImageEventDetail, ImageEventDetail];
    expect(uploaded).to.include({ object: "a.jpg", generation: ready.generation });
    expect(uploaded.original?.key).to.equal(`raw/a.jpg/${uploaded.generation}.jpg`);
    const keys = ready.renditions?.map(({ key }) => key) ?? [];
    expect(keys).to.have.length(5);
    for (const key of keys) expect(key).to.include(`/a.jpg/${ready.generation}.`);
    const image = (await (await call("GET", "a.jpg")).json()) as ImageStatus;
    expect(image.placeholder).to.be.a("string");
    const { placeholder, dominantColour } = image;
    expect(ready).to.include({ placeholder, dominantColour });
    for (const { url = "", bytes } of ready.renditions ?? []) {
      expect((await (await fetch(url)).arrayBuffer()).byteLength).to.equal(bytes);
    }

    expect((await call("DELETE", "a.jpg")).status).to.equal(202);
    const [deleted] = await heard(1);
    expect(deleted?.["detail-type"]).to.equal("deleted");
    expect(deleted?.detail).to.include({ object: "a.jpg", id: uploaded.id, cleared: true });
  });

  it("is told after a restart what happened before it", async () => {
    const done = run.cloud.mappings.whenIdle().catch(() => undefined);
    expect((await call("PUT", "b.jpg", await picture(2))).status).to.equal(202);
    await stop();
    await done;
    await start(false);
    expect(kinds(await heard(2))).to.deep.equal(["snail-images uploaded", "snail-images ready"]);
  });
});
