import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { expect } from "chai";

import type { ImageStatus } from "../../handlers/protocol/rawImageGetProcess";
import { LocalService } from "../../tools/commands";
import { descendants, parentOf, photo, temporaryFolder } from "./support";

const root = join(__dirname, "../..");

/** `snail start <args>`, in a process group of its own, as a terminal starts it. */
function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ["tools/commands/snail.js", "start", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

/** All that a start printed until it ended, and its exit code. */
async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  const printed = { out: "", err: "" };
  child.stdout?.on("data", (data) => (printed.out += String(data)));
  child.stderr?.on("data", (data) => (printed.err += String(data)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...printed };
}

/** Reads what a start prints up to a line; the lines until then. */
async function until(child: ChildProcess, last: RegExp): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout!)) {
    lines.push(line);
    if (last.test(line)) return lines;
  }
  throw new Error(`ended before ${String(last)}:\n${lines.join("\n")}`);
}

async function untilGone(pids: number[]): Promise<void> {
  while (pids.some((pid) => parentOf(pid) !== undefined)) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("snail start", function () {
  this.timeout(120_000);
  const data = temporaryFolder();

  describe("says in one line what is wrong", () => {
    const foreign = join(data, "foreign");
    before(() => {
      mkdirSync(foreign);
      writeFileSync(join(foreign, "letters.txt"), "mine");
    });
    const cases: [string, string[], RegExp][] = [
      [
        "a data folder with other things",
        ["--data", foreign, "--fresh"],
        /foreign holds other files \(letters\.txt …\).*--data/,
      ],
      [
        "a data folder within a file",
        ["--data", join(foreign, "letters.txt", "data")],
        /data cannot be used as data folder: ENOTDIR.*: choose another folder with --data\n$/,
      ],
    ];
    if (process.platform === "linux")
      cases.push([
        "a data folder where the kernel makes none",
        ["--data", "/proc/data"],
        /data cannot be used as data folder: ENOENT.*: choose another folder with --data\n$/,
      ]);
    for (const [what, args, message] of cases) {
      it(what, async () => {
        expectOneLine(await ended(start("--port", "0", ...args)), message);
      });
    }
    after(() => expect(readdirSync(foreign)).to.deep.equal(["letters.txt"]));

    it("a port that is in use", async () => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      const { port } = other.address() as { port: number };
      const result = await ended(start("--port", String(port), "--data", join(data, "port")));
      other.close();
      expectOneLine(result, new RegExp(`port ${port} is in use: .*choose another port with --port`));
    });

    it("a configuration that is bad", async () => {
      const stack = `start-test-${process.pid}`;
      const file = join(root, `Pulumi.${stack}.yaml`);
      writeFileSync(file, "config:\n  aws:region: eu-west-1\n  snail-images:apiAuth: perhaps\n");
      try {
        const result = await ended(start("--stack", stack, "--port", "0", "--data", join(data, "config")));
        expect(result.err).to.match(
          /^snail start: 1 problem in the configuration[^\n]*\n[^\n]*apiAuth[^\n]*"perhaps"[^\n]*\n$/,
        );
        expect(result).to.include({ code: 1, out: progress(stack) });
      } finally {
        rmSync(file);
      }
    });
  });

  it("rehearses another stack with --stack", async () => {
    const flags = ["--stack", "prod", "--no-console"];
    const service = await LocalService.start({ data: join(data, "prod"), flags });
    expect(service.endpoints.console).to.equal(undefined);
    expect(service.output.join("\n")).to.match(/Ready in [\d.]+ s: stack prod, \d+ resources/);
    expect(service.endpoints.api).to.match(/\/prod$/);
    expect((await service.get("none.jpg")).status).to.equal(404);
    expect(await service.stop()).to.equal(0);
  });

  describe("while it runs", () => {
    const used = join(data, "used");
    let service: LocalService;
    before(async () => (service = await LocalService.start({ data: used })));
    after(() => service.stop());

    it("keeps its data folder to itself", async () => {
      for (const flags of [[], ["--fresh"]]) {
        const result = await ended(start("--port", "0", "--data", used, ...flags));
        expectOneLine(result, /used is in use by the run with process id \d+: .*choose another folder with --data/);
      }
      expect((await service.get("none.jpg")).status).to.equal(404);
    });

    it("keeps its data folder from other users of the machine", function () {
      if (process.platform === "win32") this.skip();
      expect(statSync(used).mode & 0o777).to.equal(0o700);
    });

    it("writes what to source, with which AWS's tools talk to it", function () {
      if (process.platform === "win32") this.skip();
      const { api, aws, region, accessKeyId, secretAccessKey } = service.endpoints;
      const names =
        "AWS_ENDPOINT_URL AWS_REGION AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY API AWS_PROFILE";
      const script = `. "${join(used, "env")}" && for name in ${names}; do printenv $name || echo unset; done`;
      const printed = execFileSync("sh", ["-c", script], {
        encoding: "utf8",
        env: { ...process.env, AWS_PROFILE: "mine" },
      });
      expect(printed.trim().split("\n")).to.deep.equal([
        aws,
        region,
        region,
        accessKeyId,
        secretAccessKey,
        api,
        "unset",
      ]);
      expect(statSync(join(used, "env")).mode & 0o777).to.equal(0o600);
    });

    it("prints how far it is before it is ready", () => {
      const before = service.output.slice(
        0,
        service.output.findIndex((line) => line.startsWith("Ready")),
      );
      expect(before.slice(0, 3).map((line) => line.replace(/\d+/, "N"))).to.deep.equal([
        "Loading …",
        "Running the Pulumi program for stack dev …",
        "Starting N resources …",
      ]);
    });

    it("tells tools where everything is", () => {
      const file = join(used, "endpoints.json");
      const written: unknown = JSON.parse(readFileSync(file, "utf8"));
      const { resources, ...place } = written as {
        api: string;
        aws: string;
        console: string;
        resources: Record<string, Record<string, string>>;
      };
      expect(place).to.have.all.keys(
        ...["api", "aws", "console", "region", "accountId", "accessKeyId", "secretAccessKey", "outputs"],
      );
      expect(place.api).to.match(/^http:\/\/127\.0\.0\.1:\d+\/dev$/);
      expect(place.aws).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(place.console).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(place).to.include({ region: "eu-west-1", accountId: "000000000000" });
      for (const [name, { type, id, arn, ...more }] of Object.entries(resources)) {
        expect(more, name).to.be.empty;
        expect(type, name).to.match(/^(aws|pulumi):[\w/]+:\w+$/);
        expect(id, name).to.be.a("string").and.not.be.empty;
        if (arn !== undefined) expect(arn, name).to.match(/^arn:aws:/);
      }
      expect(resources.RawImagePutProcess).to.include({ type: "aws:lambda/function:Function" });
      expect(resources.ImageMetadata?.arn).to.match(/^arn:aws:dynamodb:eu-west-1:000000000000:table\/ImageMetadata/);
    });

    it("prints commands that work as they are", async function () {
      if (!existsSync("/usr/bin/curl")) this.skip();
      const [put = "", get = ""] = service.output.filter((line) => line.startsWith("  curl "));
      const run = async (command: string) =>
        (await promisify(execFile)("sh", ["-c", `${command} --silent --show-error`], { cwd: root })).stdout;
      expect(await run(put)).to.match(/^HTTP\/1\.1 202 /m);
      let image: Partial<ImageStatus>;
      // Unknown at first: the answer to the upload does not wait for anything else.
      do image = JSON.parse(await run(get)) as Partial<ImageStatus>;
      while (image.status !== "READY");
      expect(image.object).to.equal("photo.jpg");
      expect(image.renditions).to.have.length(5);
    });
  });

  describe("stops", () => {
    const stopped = join(data, "stopped");
    beforeEach(function () {
      if (process.platform !== "linux") this.skip(); // descendants() reads /proc
    });

    it("on Ctrl-C, which a terminal sends to the whole process group, with code 0", async () => {
      const child = start("--port", "0", "--data", stopped);
      await until(child, /S3 test event: ignored/);
      const pids = descendants(child.pid!);
      expect(pids).not.to.be.empty;
      const end = ended(child);
      process.kill(-child.pid!, "SIGINT");
      expect(await end).to.deep.equal({ code: 0, out: "Stopped.\n", err: "" });
      await untilGone(pids);
    });

    for (const [signal, code] of [
      ["SIGINT", 0],
      ["SIGTERM", 0],
      ["SIGKILL", null],
    ] as const) {
      it(`on ${signal} while functions run, and leaves no process behind`, async () => {
        const service = await LocalService.start({ data: stopped });
        const pid = Number(readFileSync(join(stopped, "process-id"), "utf8"));
        await Promise.all(["a", "b", "c", "d"].map((name) => service.put(`${name} ${signal}.jpg`, photo("p12.jpg"))));
        let pids: number[];
        do pids = descendants(pid);
        while (pids.length < 3); // two functions and what watches them
        const end = service.ended;
        process.kill(pid, signal);
        expect(await end, service.log).to.equal(code);
        await untilGone(pids);
        expect(service.log).not.to.match(/ECONNREFUSED|Error/);
      });
    }

    it("and has lost nothing", async () => {
      const service = await LocalService.start({ data: stopped });
      for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"]) {
        for (const name of ["a", "b", "c", "d"]) await service.untilStatus(`${name} ${signal}.jpg`, "READY");
      }
      await service.stop();
    });
  });
});

function expectOneLine({ code, out, err }: Awaited<ReturnType<typeof ended>>, message: RegExp): void {
  expect(err)
    .to.match(/^snail start: [^\n]+\n$/)
    .and.to.match(message);
  expect({ code, out }).to.deep.equal({ code: 1, out: progress("dev") });
}

/** The lines that a start prints until it runs the program. */
const progress = (stack: string): string => `Loading …\nRunning the Pulumi program for stack ${stack} …\n`;
