import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";

import { dashboardBody } from "../../../../components/dashboardBody";
import { savedQueries } from "../../../../components/savedQueries";
import { logLines } from "../../operate/logLines";
import { awsJson } from "../../support/awsJson";
import { LocalService } from "../../support/localService";
import { localTarget, type Target } from "../../support/target";
import { plainPicture } from "../../verify/pictures";
import type { StackStatus } from "../../operate/status";
import type { ImageFacts } from "../../operate/imageFacts";
import { root, snail } from "../cli/support";
import { insights, valueOf } from "./insights";

describe("snail status, why and logs", function () {
  this.timeout(180_000);
  const data = mkdtempSync(join(tmpdir(), "operate-"));
  let service: LocalService;
  let target: Target;
  before(async () => {
    service = await LocalService.start({ data });
    target = localTarget("dev", data);
    await service.put("good ü.jpg", await plainPicture("jpeg"));
    await service.put("bad.jpg", Buffer.from("I am not an image"));
    await service.untilStatus("good ü.jpg", "READY");
    await service.untilStatus("bad.jpg", "REJECTED");
  });
  after(async () => {
    await service.stop();
    rmSync(data, { recursive: true, force: true });
  });
  const run = (...args: string[]) => snail([...args, "--data", data]);
  const facts = async (name: string) =>
    JSON.parse((await run("why", name, "--json")).out) as ImageFacts & { next: string[] };

  it("tell of a good image: record, objects, log, and that nothing is under way", async () => {
    const { code, out, err } = await run("why", "good ü.jpg");
    expect({ code, err }).to.deep.equal({ code: 0, err: "" });
    const plain = out.replace(/[0-9a-f]{12,}/g, "…").replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME");
    expect(plain).to.match(
      /^good ü\.jpg: READY\n\nRecord\n {2}id …, epoch 0, created TIME, changed TIME\n {2}original /,
    );
    expect(plain).to.match(/\n {2}there {4}raw\/good ü\.jpg\/….jpg\n {2}there {4}large\/good ü\.jpg\//);
    expect(plain).to.match(/\n {2}TIME {2}RawImagePutProcess {2}good ü\.jpg: stored /);
    expect(plain).to.match(/\nNext\n {2}Nothing is under way\.\n$/);
  });

  it("tell why an image was rejected", async () => {
    const { out } = await run("why", "bad.jpg");
    expect(out).to.match(/^bad\.jpg: REJECTED\n/);
    expect(out).to.match(/\n {2}rejected \S+: The file is not an image/);
    expect(out).to.match(/\n {2}Upload an image that is accepted\./);
  });

  it("tell the stack at a glance", async () => {
    const { code, out } = await run("status");
    expect(code).to.equal(0);
    expect(out.replace(/ {2,}/g, "  ")).to.equal(
      [
        "Stack dev",
        "",
        "names",
        "PROCESSING  0",
        "READY  1",
        "FAILED  0",
        "REJECTED  1",
        "DELETING  0",
        "",
        "Uploads that are not taken in yet: 0",
        "Waits longest: none",
        "",
        "queue  waiting  in flight  dead letters",
        "PutRawImageQueue  0  0  0",
        "PutResolutionBasedImageQueue  0  0  0",
        "DeleteResolutionBasedImageQueue  0  0  0",
        "",
        "All alarms are OK.",
        "",
      ].join("\n"),
    );
  });

  it("tell which image waits longest since its upload, also one that is served meanwhile", async () => {
    const past = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await putRecord("made first.jpg", { statusShard: "PROCESSING#0", createdAt: past(50), uploadedAt: past(1) });
    await putRecord("served.jpg", { statusShard: "READY#3", createdAt: past(20), uploadedAt: past(10) });
    await putRecord("from the first release.jpg", { statusShard: "PROCESSING#1", createdAt: past(5) });
    const { names, longestWaiting } = JSON.parse((await run("status", "--json")).out) as StackStatus;
    expect(names.slice(0, 2)).to.deep.equal([
      { status: "PROCESSING", names: 2 },
      { status: "READY", names: 2 },
    ]);
    expect(longestWaiting).to.include({ name: "served.jpg", status: "PROCESSING" });
    expect(longestWaiting?.seconds).to.be.within(600, 700);
    expect((await run("status")).out).to.match(
      /\nWaits longest: served\.jpg, PROCESSING, uploaded 10 min( \d+ s)? ago \(20\S+Z\)\n/,
    );
  });

  /** A name whose newest upload is PROCESSING. */
  async function putRecord(name: string, record: Record<string, string>): Promise<void> {
    const all = { original: name, imageType: "raw", id: name, status: "PROCESSING", updatedAt: record.createdAt ?? "" };
    const attributes = Object.entries({ ...all, listPosition: `${record.createdAt} ${name}`, ...record });
    const Item = Object.fromEntries(attributes.map(([key, S]) => [key, { S }]));
    await target.dynamodb.send(new PutItemCommand({ TableName: target.imageMetadataTable, Item }));
  }

  it("tell that images are late where both windows of a pair tell so, and several images were", async () => {
    const set = async (...windows: string[]) => {
      for (const window of windows) {
        const { id } = service.endpoints.resources[`ResolutionBasedImagePutProcess-latency-${window}-alarm`] ?? {};
        await awsJson(target, {
          service: "monitoring",
          method: "POST",
          path: "/",
          headers: { "x-amz-target": "GraniteServiceVersion20100801.SetAlarmState" },
          body: { AlarmName: id, StateValue: "ALARM", StateReason: "a test" },
        });
      }
      return (JSON.parse((await run("status", "--json")).out) as StackStatus).alarms.map(({ name }) => name);
    };
    expect(await set("1h", "5m", "6h")).to.deep.equal([]);
    expect(await set("several")).to.deep.equal(["ResolutionBasedImagePutProcess-latency-alarm-dev"]);
  });

  it("tell of a dead letter, and leave it where it is", async () => {
    const body = JSON.stringify({ original: "good ü.jpg" });
    await target.sqs.send(
      new SendMessageCommand({ QueueUrl: target.queueUrls.PutResolutionBasedImageQueue, MessageBody: body }),
    );
    await service.untilLine((line) => line.includes("PoisonMessage"));
    for (let look = 0; look < 2; look++) {
      const { deadLetters, tries, next } = await facts("good ü.jpg");
      expect(tries.map(({ function: of, tries: count, cause }) => [of, count, cause])).to.deep.equal([
        ["ResolutionBasedImagePutProcess", 1, "PoisonMessage"],
      ]);
      expect(deadLetters).to.have.length(1);
      expect(deadLetters[0]).to.include({
        queue: "PutResolutionBasedImageQueue",
        cause: "PoisonMessage",
        poison: true,
      });
      expect(next.join()).to.include(
        "A dead letter in PutResolutionBasedImageQueue cannot be worked on (PoisonMessage)",
      );
    }
    expect((await run("why", "good ü.jpg")).out).to.match(
      /\nTries that failed\n {2}\S+Z {2}ResolutionBasedImagePutProcess {2}try 1: PoisonMessage\n/,
    );
    const { deadLetters: others, tries: none } = await facts("bad.jpg");
    expect([others, none]).to.deep.equal([[], []]);
    const { code, out } = await run("status", "--json");
    const queues = (JSON.parse(out) as StackStatus).queues.map(({ deadLetters }) => deadLetters);
    expect({ code, queues }).to.deep.equal({ code: 1, queues: [0, 1, 0] });
  });

  describe("find fields that functions log, where a query of Logs Insights names them:", () => {
    const watched = { functions: {}, queues: [], apiName: "", stageName: "", table: "", alarms: [], namespace: "" };
    const body = () =>
      dashboardBody({ ...watched, region: "", logGroups: target.logGroups, latencyObjectiveSeconds: 30 });
    const ofDashboard = () => String(body().widgets.find(({ type }) => type === "log")?.properties.query);
    const saved = Object.values(savedQueries).map(({ title, query }): [string, () => string] => [title, () => query]);
    for (const [title, query] of [...saved, ["the dashboard's", ofDashboard] as const])
      it(title, async () => {
        const { fields, passes } = insights(query().replace("photo.jpg", "good ü.jpg"));
        const found = (await logLines(target, { since: 0 })).filter(passes);
        expect(found, "lines").not.to.deep.equal([]);
        const unknown = fields.filter((field) => !found.some((line) => valueOf(line, field) !== undefined));
        expect(unknown).to.deep.equal([]);
      });
  });

  it("find each try of an image in the log, whatever was logged after it, and print the newest lines", async () => {
    const name = 'ä "b" (1).jpg';
    const body = JSON.stringify({ Records: [{ s3: { object: { key: "images/%C3%A4+%22b%22+%281%29.jpg" } } }] });
    const failed = { level: "ERROR", message: "message failed", messageId: "m1", receiveCount: 3, cause: "Slow", body };
    const others = [
      { message: `${name}: stored`, name, body: "" },
      { message: `other ${name}: stored`, name: `other ${name}` },
      { ...failed, messageId: "m2", body: body.replace("images/", "images/other+") },
    ];
    const later = Array.from({ length: 45 }, (_, i) => ({ message: `${name}: swept ${i}`, name }));
    logged("RawImagePutProcess", [failed, ...others, ...later]);
    const { tries, log } = await facts(name);
    expect(tries.map(({ messageId, tries: count, cause }) => [messageId, count, cause])).to.deep.equal([
      ["m1", 3, "Slow"],
    ]);
    expect(log).to.have.length(47);
    const lines = (await run("why", name)).out.split("\n");
    const first = lines.indexOf("Log") + 1;
    expect(lines[first]).to.equal(
      `  7 earlier lines: \`snail logs --image 'ä "b" (1).jpg' --data ${data}\` prints all`,
    );
    expect(lines.slice(first + 1, lines.indexOf("", first)).map((line) => line.slice(-8))).to.deep.equal(
      later.slice(5).map(({ message }) => message.slice(-8)),
    );
    expect((await run("logs", "--image", name)).out.trim().split("\n")).to.have.length(47);
  });

  /** Writes lines of a function as the local run does. */
  function logged(of: string, lines: object[]): void {
    const folder = join(data, "logs", ...(target.logGroups[of] ?? "").split("/").filter(Boolean));
    const text = lines.map((line) => `${new Date().toISOString()} ${JSON.stringify(line)}\n`).join("");
    writeFileSync(join(folder, "test.log"), text);
  }

  it("tell of an object that is gone", async () => {
    await service.put("gone.jpg", await plainPicture("jpeg", "#123"));
    const { generation = "" } = await service.untilStatus("gone.jpg", "READY");
    const Key = `thumbnail/gone.jpg/${generation}.jpg`;
    await target.s3.send(new DeleteObjectCommand({ Bucket: target.imagesBucket, Key }));
    const { generations, next } = await facts("gone.jpg");
    expect(generations.map(({ role, missing }) => ({ role, missing }))).to.deep.equal([
      { role: "live", missing: [Key] },
    ]);
    expect(next).to.deep.equal([
      "The live generation lacks objects: upload the image again, and look who deleted them.",
    ]);
  });

  it("end with 1 for a name of which nothing is known", async () => {
    expect(await run("why", "nothing.jpg")).to.deep.equal({
      code: 1,
      err: "",
      out: "nothing.jpg: unknown\n\nNext\n  Nothing is known of this name: no record, no upload, no dead letter.\n",
    });
  });

  it("print the lines of one image, of one function, and as they were written", async () => {
    const lines = (await run("logs", "--image", "good ü.jpg")).out.trim().split("\n");
    expect(lines.filter((line) => !line.includes("good ü.jpg"))).to.deep.equal([]);
    expect(lines[0]).to.match(/^\S+Z {2}RawImagePutProcess {2}good ü\.jpg: stored /);
    const ofOne = (await run("logs", "ResolutionBasedImagePutProcess")).out.trim().split("\n");
    expect(ofOne.every((line) => line.includes("  ResolutionBasedImagePutProcess  "))).to.equal(true);
    const [written = ""] = (await run("logs", "--image", "bad.jpg", "--json")).out.split("\n");
    expect(JSON.parse(written)).to.include({ outcome: "rejected", name: "bad.jpg" });
  });

  it("go on with new lines", async () => {
    const args = ["tools/commands/snail.js", "logs", "--follow", "--image", "late.jpg", "--data", data];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    const first = once(createInterface(child.stdout), "line");
    await service.put("late.jpg", await plainPicture("jpeg"));
    const [line] = (await first) as [string];
    expect(line).to.match(/ RawImagePutProcess {2}late\.jpg: stored /);
    child.kill("SIGINT");
    await once(child, "exit");
  });

  it("name the functions where one is not known, and the form of a time", async () => {
    const { code, err } = await run("logs", "Nope");
    expect(code).to.equal(1);
    expect(err).to.match(/^snail logs: there is no function Nope; there are .*RawImagePutProcess/);
    const refused = await run("logs", "--since", "soon");
    expect(refused.code).to.equal(2);
    expect(refused.err).to.include("It must be a time such as 15m, 6h or 2d");
  });
});
