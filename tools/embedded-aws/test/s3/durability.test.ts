import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { openDatabase } from "../../database";
import { BodyFiles } from "../../s3/bodyFiles";
import { startS3, type TestS3 } from "./support";

/** A process that puts objects and prints each key once it was acknowledged. */
const child = `
const { createS3 } = require("./tools/embedded-aws/s3/s3");
const { openDatabase } = require("./tools/embedded-aws/database");
const { Readable } = require("node:stream");
const dir = process.argv[1];
const db = openDatabase(dir + "/aws.sqlite");
db.exec("CREATE TABLE IF NOT EXISTS sent (body TEXT)");
const send = db.prepare("INSERT INTO sent VALUES (?)");
const place = { accountId: "123456789012", region: "eu-central-1", partition: "aws", awsUrl: "http://x", apiUrl: "http://x" };
const s3 = createS3({ db, dir: dir + "/bodies", place, iam: { authorize() {} }, sqs: { deliver: (_, body) => send.run(body) } });
s3.ensureBucket("photos");
s3.setNotifications("photos", [{ id: "q", queueArn: "q", events: ["s3:ObjectCreated:*"], prefix: "", suffix: "" }]);
const put = (key) => s3.handle({
  service: "s3", method: "PUT", path: "/photos/" + key, query: new URLSearchParams(), requestId: "R", secure: true,
  headers: { "content-length": "200000" }, body: Readable.from([Buffer.alloc(200000, key)]),
  principal: { kind: "user", arn: "owner", accountId: "123456789012" },
});
(async () => {
  for (let n = 0; ; n++) {
    const keys = [0, 1, 2, 3].map((lane) => n + "-" + lane);
    await Promise.all(keys.map(async (key) => {
      const answer = await put(key);
      require("node:fs").writeSync(1, (answer.status === 200 ? key : "status " + answer.status + answer.body) + "\\n");
    }));
  }
})();
`;

describe("S3 durability", () => {
  let aws: TestS3 | undefined;
  afterEach(async () => {
    await aws?.close();
    aws = undefined;
  });

  it("loses nothing that it acknowledged when its process is killed", async () => {
    const dir = mkdtempSync(join(tmpdir(), "s3-"));
    const args = ["--disable-warning=ExperimentalWarning", "-r", "ts-node/register", "-e", child, dir];
    const running = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const acknowledged: string[] = [];
    for await (const line of createInterface({ input: running.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === 50) running.kill("SIGKILL");
    }
    if (running.exitCode === null && running.signalCode === null) await once(running, "exit");

    const db = openDatabase(join(dir, "aws.sqlite"));
    const stored = db.prepare("SELECT key, size, segments FROM s3_version").all();
    const events = db.prepare("SELECT body FROM sent WHERE body LIKE '%ObjectCreated%'").all();
    const sizes = stored.map(({ segments }) => {
      const [{ file }] = JSON.parse(segments as string) as [{ file: string }];
      return statSync(join(dir, "bodies", file.slice(0, 2), file)).size;
    });
    db.close();
    rmSync(dir, { recursive: true });
    expect(stored.map(({ key }) => key)).to.include.members(acknowledged);
    expect(new Set(sizes)).to.deep.equal(new Set([200_000]));
    // Object and event are one transaction.
    expect(events).to.have.length(stored.length);
  });

  it("sweeps away body files that no object names, and nothing else, when it starts", async () => {
    const running = (aws = await startS3());
    running.service.ensureBucket("photos");
    const s3 = running.s3();
    await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "k", Body: "kept" }));
    const folder = join(running.dir, "bodies", "ab");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "ab-left-behind"), "half an upload");
    const files = (): string[] =>
      readdirSync(join(running.dir, "bodies"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name);
    expect(files()).to.have.length(2);
    running.reopen();
    expect(files()).to.have.length(1);
    const got = await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "k" }));
    expect(await got.Body?.transformToString()).to.equal("kept");
  });

  it("finishes a download whose files are removed meanwhile, and removes them afterwards", async () => {
    const dir = mkdtempSync(join(tmpdir(), "s3-"));
    const bodies = new BodyFiles(dir);
    const store = (text: string) => bodies.receive(Readable.from([Buffer.alloc(1 << 20, text)]), []);
    const stored = [await store("one"), await store("two")];
    const segments = stored.map(({ file, size }) => ({ file, offset: 0, length: size }));
    const reading = (await bodies.read(segments, 0, 2 << 20)) as Readable;
    bodies.remove(stored.map(({ file }) => file));
    const read = Buffer.concat((await reading.toArray()) as Buffer[]);
    expect(read.equals(Buffer.concat([Buffer.alloc(1 << 20, "one"), Buffer.alloc(1 << 20, "two")]))).to.equal(true);
    const left = (): number => stored.filter(({ file }) => existsSync(join(dir, file.slice(0, 2), file))).length;
    for (let turn = 0; turn < 20_000 && left() > 0; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(left()).to.equal(0);
    rmSync(dir, { recursive: true });
  });

  it("makes no copy of an object that is deleted while its bytes are read", async () => {
    const running = (aws = await startS3());
    running.service.ensureBucket("photos");
    const call = (method: string, path: string, headers: Record<string, string> = {}, body = "") =>
      running.service.handle({
        service: "s3",
        method,
        path: `/photos/${path}`,
        query: new URLSearchParams(),
        headers: { "content-length": String(body.length), ...headers },
        body: Readable.from([Buffer.from(body)]),
        principal: { kind: "user", arn: "arn:aws:iam::123456789012:user/owner", accountId: "123456789012" },
        requestId: "R",
        secure: true,
      });
    await call("PUT", "k", {}, "hello");
    const copying = call("PUT", "copy", { "x-amz-copy-source": "photos/k", "x-amz-checksum-algorithm": "SHA256" });
    const deleted = await call("DELETE", "k");
    expect([deleted.status, (await copying).status]).to.deep.equal([204, 404]);
  });
});
