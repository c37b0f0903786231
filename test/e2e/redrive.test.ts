import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";

import type { RawRecord } from "../../handlers/records";
import { LocalService } from "../../tools/commands";
import { picture, temporaryFolder } from "./support";

const root = join(__dirname, "../..");
const queue = "PutResolutionBasedImageQueue";
const generation = "0".repeat(47) + "1";
const name = "found again.jpg";
const imageId = `raw/${name}/${generation}.jpg`;

interface Listed {
  causes: { cause: string; letters: { body: string }[] }[];
  queues: { name: string; waiting: number; inFlight: number; deadLetters: number }[];
}

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs the command as npm does. */
function redrive(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["tools/commands/snail.js", "redrive", ...args],
      { cwd: root, timeout: 60_000 },
      (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, out, err });
      },
    );
  });
}

describe("snail redrive", function () {
  this.timeout(120_000);

  describe("with dead letters of several causes", () => {
    const data = temporaryFolder();
    let service: LocalService;
    let s3: S3Client;
    let sqs: SQSClient;
    const here = (...args: string[]): Promise<Ended> => redrive("--data", data, ...args);
    const idOf = (resource: string): string => service.endpoints.resources[resource]!.id;
    const send = (to: string, body: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: idOf(to), MessageBody: body }));
    /** Messages of a queue, those that are looked at included. */
    const messagesIn = async (of: string): Promise<number> => {
      const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
      const command = new GetQueueAttributesCommand({ QueueUrl: idOf(of), AttributeNames: [...names] });
      const { Attributes = {} } = await sqs.send(command);
      return names.reduce((sum, attribute) => sum + Number(Attributes[attribute]), 0);
    };
    const untilLetters = async (count: number): Promise<void> => {
      while ((await messagesIn(`${queue}-dead-letters`)) !== count) await delay(50);
    };

    before(async () => {
      // Five tries take a second, not an hour.
      service = await LocalService.start({ data, flags: ["--faults", "retry=0.2"] });
      const { aws: endpoint, region } = service.endpoints;
      const options = { endpoint, region, credentials: service.keys };
      s3 = new S3Client({ ...options, forcePathStyle: true });
      sqs = new SQSClient(options);
      await recordWithoutOriginal(options);
      await send(queue, "no JSON");
      await send(queue, "no JSON either");
      const message = {
        original: name,
        manifest: `${generation}.jpg thumbnail.jpg`,
        uploadedAt: "2026-01-01T00:00:00Z",
      };
      await send(queue, JSON.stringify(message));
      // As SQS moves a message itself whose function died each time: without a cause.
      await send(`${queue}-dead-letters`, JSON.stringify({ ...message, original: "never seen.jpg" }));
      await untilLetters(4);
    });
    after(async () => {
      s3.destroy();
      sqs.destroy();
      await service.stop();
    });

    /** A record that waits for the renditions of an original that is not there. */
    async function recordWithoutOriginal(
      options: ConstructorParameters<typeof DynamoDBClient>[0],
      original = name,
    ): Promise<void> {
      const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(options ?? {}));
      const at = new Date().toISOString();
      const record: RawRecord = {
        original,
        id: "1",
        epoch: 0,
        status: "PROCESSING",
        sequencer: "1",
        generation,
        imageId,
        format: "jpeg",
        bytes: 1,
        width: 200,
        height: 200,
        createdAt: at,
        updatedAt: at,
        expected: [{ imageType: "thumbnail", width: 160, height: 160, fit: "inside", format: "jpeg", quality: 80 }],
      };
      const item = { ...record, imageType: "raw" };
      await dynamodb.send(new PutCommand({ TableName: idOf("ImageMetadata"), Item: item }));
      dynamodb.destroy();
    }

    it("lists them by cause, the largest group first, each with a count, a reason and an example", async () => {
      const { code, out, err } = await here();
      expect([code, err]).to.deep.equal([0, ""]);
      const heads = out.split("\n").filter((line) => /^\d/.test(line));
      expect(heads[0]).to.match(/^2 × SyntaxError \(poison\) in PutResolutionBasedImageQueue, the oldest since 20/);
      expect(heads.slice(1).map((head) => head.split(" in ")[0])).to.have.members([
        "1 × OriginalMissing",
        "1 × NoCauseRecorded",
      ]);
      expect(out).to.match(/OriginalMissing: found again.jpg: its original raw\/found again.jpg\/0+1.jpg is missing/);
      expect(out).to.include("for example no JSON").and.to.include(`for example {"original":"${name}"`);
    });

    it("changes nothing without --move, and says what it would do", async () => {
      const { code, out } = await here("--cause", "OriginalMissing");
      expect(code).to.equal(0);
      expect(out).to.include("Would move 1 back. Add --move to do it.");
      expect(await messagesIn(`${queue}-dead-letters`)).to.equal(4);
      expect(await messagesIn(queue)).to.equal(0);
    });

    it("moves one cause back, which then succeeds because it was mended, and leaves the others", async () => {
      const original = { Bucket: idOf("snail-images-dev"), Key: imageId, Body: await picture(1) };
      await s3.send(new PutObjectCommand(original));
      const { code, out } = await here("--cause", "OriginalMissing", "--move");
      expect(code).to.equal(0);
      expect(out).to.include("Moved 1 back.");
      const image = await service.untilStatus(name, "READY");
      expect(image.renditions.map(({ imageType }) => imageType)).to.deep.equal(["thumbnail"]);
      expect(await messagesIn(`${queue}-dead-letters`)).to.equal(3);
      expect((await here()).out)
        .to.include("2 × SyntaxError")
        .and.not.include("OriginalMissing");
    });

    it("moves back what SQS moved without a cause", async () => {
      expect((await here("--cause", "NoCauseRecorded", "--move")).out).to.include("Moved 1 back.");
      await untilLetters(2);
    });

    it("never moves poison", async () => {
      const { code, out } = await here("--cause", "SyntaxError", "--move");
      expect(code).to.equal(0);
      expect(out).to.include("Moved 0 back; 2 poison stay.");
      await untilLetters(2);
    });

    it("chooses by the image's name, and prints JSON", async () => {
      const { code, out } = await here("--object", name, "--json");
      expect([code, (JSON.parse(out) as Listed).causes]).to.deep.equal([0, []]);
      const { causes, queues } = JSON.parse((await here("--json")).out) as Listed;
      expect(queues.find(({ name: of }) => of === queue)).to.deep.equal({
        name: queue,
        waiting: 0,
        inFlight: 0,
        deadLetters: 2,
      });
      expect(causes.map(({ cause, letters }) => [cause, ...letters.map(({ body }) => body).sort()])).to.deep.equal([
        ["SyntaxError", "no JSON", "no JSON either"],
      ]);
    });

    it("deletes poison only where that is confirmed, and nothing that the sweep would find again", async () => {
      const unanswered = await here("--cause", "SyntaxError", "--delete");
      expect([unanswered.code, unanswered.err.trim()]).to.deep.equal([
        2,
        "snail redrive: nothing was deleted: add --yes where nothing can answer",
      ]);
      await untilLetters(2);
      await send("DeleteResolutionBasedImageQueue-dead-letters", JSON.stringify({ original: "late.jpg" }));
      const kept = await here("--object", "late.jpg", "--delete", "--yes");
      expect(kept.out).to.include("Deleted 0. 1 stay: move them back, the sweep would find them again.");
      expect((await here("--cause", "SyntaxError", "--delete", "--yes")).out).to.include("Deleted 2.");
      await untilLetters(0);
    });

    it("gives an image up whose letter is deleted: it is FAILED, with a reason", async () => {
      const { aws: endpoint, region } = service.endpoints;
      await recordWithoutOriginal({ endpoint, region, credentials: service.keys }, "stuck.jpg");
      const message = {
        original: "stuck.jpg",
        manifest: `${generation}.jpg thumbnail.jpg`,
        uploadedAt: "2026-01-01T00:00:00Z",
      };
      await send(`${queue}-dead-letters`, JSON.stringify(message));
      await untilLetters(1);
      expect((await here("--object", "stuck.jpg", "--delete", "--yes")).out).to.include("Deleted 1.");
      await untilLetters(0);
      const { reason } = await service.untilStatus("stuck.jpg", "FAILED");
      expect(reason).to.match(/^Its renditions could not be made/);
    });

    it("says so when no letter has the cause", async () => {
      const { code, err } = await here("--cause", "Typo", "--move");
      expect([code, err.trim()]).to.deep.equal([1, 'snail redrive: no dead letter has the cause "Typo"']);
    });

    it("says so when there are none", async () => {
      const quiet = temporaryData(service, ["PutRawImageQueue", "PutRawImageQueue-dead-letters"]);
      const { code, out } = await redrive("--data", quiet);
      expect([code, out.trim()]).to.deep.equal([0, "No dead letters."]);
    });

    /** A folder that knows some queues of the service only. */
    function temporaryData({ endpoints }: LocalService, resources: string[]): string {
      const folder = join(data, "some-queues");
      mkdirSync(folder);
      const some = Object.fromEntries(resources.map((resource) => [resource, endpoints.resources[resource]]));
      writeFileSync(join(folder, "endpoints.json"), JSON.stringify({ ...endpoints, resources: some }));
      return folder;
    }
  });

  describe("says what is wrong in one line, and exits with 1,", () => {
    const data = temporaryFolder();
    const cases: [string, string[], RegExp][] = [
      ["where no local service was ever started", ["--data", data], /no local run in .*npm start.* --stack$/],
    ];
    for (const [what, args, message] of cases) {
      it(what, async () => {
        const { code, out, err } = await redrive(...args);
        expect([code, out]).to.deep.equal([1, ""]);
        expect(err.trim())
          .to.match(/^snail redrive: [^\n]+$/)
          .and.match(message);
      });
    }

    it("where the local service does not run any more", async () => {
      const deadQueue = { type: "aws:sqs/queue:Queue", id: "http://127.0.0.1:1/000000000000/q" };
      const endpoints = {
        aws: "http://127.0.0.1:1",
        region: "eu-west-1",
        accessKeyId: "a",
        secretAccessKey: "s",
        resources: { q: deadQueue, "q-dead-letters": deadQueue },
      };
      writeFileSync(join(data, "endpoints.json"), JSON.stringify(endpoints));
      const { code, err } = await redrive("--data", data);
      expect(code).to.equal(1);
      expect(err.trim()).to.match(/^snail redrive: nothing answers at http:\/\/127\.0\.0\.1:1[^\n]*npm start[^\n]*$/);
    });
  });
});
