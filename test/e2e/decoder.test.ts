import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import {
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type QueueAttributeName,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import sharp from "sharp";

import { hostileFiles, LocalService } from "../../tools/commands";
import { descendants, picture, temporaryFolder } from "./support";

const QUEUE = "PutResolutionBasedImageQueue";
/** Messages of a batch. */
const BATCH = 4;

/** So many pixels of noise that it is seen in the decoder. */
const photoOf = (width: number, height: number): Promise<Buffer> =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();

// Processes are found in /proc.
(process.platform === "linux" ? describe : describe.skip)("the end of the decoder's process", function () {
  this.timeout(120_000);
  const data = temporaryFolder();
  let service: LocalService;
  let sqs: SQSClient;
  before(async () => {
    service = await LocalService.start({ data, flags: ["--verbose"] });
    const { aws: endpoint, region } = service.endpoints;
    sqs = new SQSClient({ endpoint, region, credentials: service.keys });
  });
  after(async () => {
    sqs.destroy();
    await service.stop();
  });

  const attributeOf = async (queue: string, name: QueueAttributeName): Promise<string> => {
    const QueueUrl = service.endpoints.resources[queue]?.id;
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
    return Attributes?.[name] ?? "";
  };
  const waiting = async () => Number(await attributeOf(QUEUE, "ApproximateNumberOfMessages"));
  const setPolicy = (Policy: string) =>
    sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: service.endpoints.resources[QUEUE]?.id, Attributes: { Policy } }),
    );

  /** Lets as many images wait until one batch has all of them, the last one among them; the names of the others. */
  async function inOneBatch(name: string, body: Uint8Array): Promise<string[]> {
    const policy = await attributeOf(QUEUE, "Policy");
    const { Statement, ...rest } = JSON.parse(policy) as { Statement: object[] };
    const deny = { Effect: "Deny", Principal: "*", Action: "sqs:ReceiveMessage", Resource: "*" };
    await setPolicy(JSON.stringify({ ...rest, Statement: [...Statement, deny] }));
    // A poll that began before still receives one.
    const neighbours: string[] = [];
    while ((await waiting()) < BATCH - 1) {
      const neighbour = `${name}, neighbour ${neighbours.length}.jpg`;
      const before = await waiting();
      await service.put(neighbour, await picture(neighbours.length));
      neighbours.push(neighbour);
      while ((await waiting()) === before) {
        const { status } = (await (await service.get(neighbour)).json()) as { status: string };
        if (status === "READY") break;
      }
    }
    await service.put(name, body);
    while ((await waiting()) < BATCH) await pause(50);
    await setPolicy(policy);
    return neighbours;
  }

  /** Sends a signal to the decoder while it has this original. */
  async function kill(original: Buffer, signal: NodeJS.Signals): Promise<void> {
    const has = (pid: number): boolean => {
      const file = `/proc/${pid}/cwd/original`;
      const { size } = statSync(file, { throwIfNoEntry: false }) ?? {};
      return size === original.length && readFileSync(file).equals(original);
    };
    for (;;) {
      const decoder = descendants(service.pid).find(has);
      if (decoder !== undefined) return void process.kill(decoder, signal);
      await pause(5);
    }
  }

  const hostile = (name: string) =>
    hostileFiles()
      .find((file) => file.name === name)!
      .body();
  const crashed = "the decoder crashed on it. Save it again as a plain JPEG or PNG.";
  const tooMuch = (what: string) =>
    `it takes too much ${what}. Send it scaled down, or save it again as a plain JPEG or PNG.`;
  const ends: [how: string, name: string, body: () => Buffer | Promise<Buffer>, reason: string, NodeJS.Signals?][] = [
    ["SIGSEGV", "segv.jpg", () => photoOf(4_000, 3_000), crashed, "SIGSEGV"],
    ["SIGKILL", "kill.jpg", () => photoOf(4_000, 3_000), crashed, "SIGKILL"],
    [
      "its limit of CPU",
      "cpu.png",
      () => hostile("EXIF directories that lead to each other.png"),
      tooMuch("processor time"),
    ],
    [
      "its limit of memory",
      "memory.avif",
      () =>
        sharp({ create: { width: 7_500, height: 7_500, channels: 3, background: "teal" } })
          .avif({ effort: 0 })
          .toBuffer(),
      tooMuch("memory"),
    ],
  ];
  for (const [how, name, body, reason, signal] of ends)
    it(`by ${how} fails one image of a batch of four, and no other`, async () => {
      const original = await body();
      const neighbours = await inOneBatch(name, original);
      if (signal) await kill(original, signal);
      const failed = await service.untilStatus(name, "FAILED");
      expect(failed.reason).to.equal(`The image cannot be decoded: ${reason}`);
      for (const neighbour of neighbours) await service.untilStatus(neighbour, "READY");
      const requestOf = (object: string) =>
        service.output
          .flatMap((line) => /^\S+ (\{"level.*)$/.exec(line)?.[1] ?? [])
          .map((line) => JSON.parse(line) as { name?: string; outcome?: string; function_request_id: string })
          .find((line) => line.name === object && ["failed", "ready"].includes(line.outcome ?? ""))
          ?.function_request_id;
      const batch = [name, ...neighbours].filter((object) => requestOf(object) === requestOf(name));
      expect(batch).to.have.length(BATCH);
    });

  it("is tried again for no image, and leaves no dead letter", async () => {
    expect(service.output.filter((line) => /message failed|Runtime exited|timed out/.test(line))).to.deep.equal([]);
    // A batch's messages go once all of them are done.
    while ((await attributeOf(QUEUE, "ApproximateNumberOfMessagesNotVisible")) !== "0") await pause(50);
    for (const queue of [QUEUE, `${QUEUE}-dead-letters`])
      expect(await attributeOf(queue, "ApproximateNumberOfMessages"), queue).to.equal("0");
  });
});
