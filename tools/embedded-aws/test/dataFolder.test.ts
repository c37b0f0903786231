import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { takeDataFolder } from "../dataFolder";

describe("a data folder", () => {
  let parent: string;
  let path: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "data-folder-"));
    path = join(parent, "deep/data");
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));
  const refusal = (pid: number) => new RegExp(`data is in use by the run with process id ${pid}$`);

  it("is made where it is missing, and kept for the next run", () => {
    const first = takeDataFolder(path);
    writeFileSync(join(path, "stored"), "");
    first.release();
    first.release();
    takeDataFolder(path).release();
    expect(existsSync(join(path, "stored"))).to.equal(true);
  });

  it("belongs to one run at a time, whatever the other asks for", () => {
    const first = takeDataFolder(path);
    writeFileSync(join(path, "stored"), "");
    expect(() => takeDataFolder(path)).to.throw(refusal(process.pid));
    expect(() => takeDataFolder(path, { fresh: true })).to.throw(refusal(process.pid));
    expect(existsSync(join(path, "stored"))).to.equal(true);
    first.release();
    takeDataFolder(path).release();
  });

  it("is free again when its run was killed", async () => {
    const script = `require("./tools/embedded-aws/dataFolder").takeDataFolder(process.argv[1]); process.send(""); setInterval(() => {}, 1e6)`;
    const other = spawn(process.execPath, ["-r", "ts-node/register", "-e", script, path], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    await once(other, "message");
    expect(() => takeDataFolder(path)).to.throw(refusal(other.pid!));
    const exit = once(other, "exit");
    other.kill("SIGKILL");
    await exit;
    takeDataFolder(path).release();
  });

  it("forgets all of an earlier run where that is asked for", () => {
    takeDataFolder(path).release();
    mkdirSync(join(path, "s3"));
    writeFileSync(join(path, "s3/body"), "");
    const before = readdirSync(path);
    const fresh = takeDataFolder(path, { fresh: true });
    expect(before).to.include("s3");
    expect(readdirSync(path)).not.to.include("s3");
    expect(() => takeDataFolder(path)).to.throw(refusal(process.pid));
    fresh.release();
  });

  for (const fresh of [false, true]) {
    it(`is never one that holds anything else (fresh: ${fresh})`, () => {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, "letters.txt"), "");
      expect(() => takeDataFolder(path, { fresh })).to.throw(/data holds other files \(letters\.txt …\)/);
      expect(readdirSync(path)).to.deep.equal(["letters.txt"]);
    });
  }

  it("is a folder", () => {
    const file = join(parent, "file");
    writeFileSync(file, "");
    expect(() => takeDataFolder(file)).to.throw(/file cannot be used as data folder: /);
    expect(() => takeDataFolder(join(file, "within"))).to.throw(/within cannot be used as data folder: /);
  });

  it("is a folder that can be made, and written", function () {
    if (process.platform !== "linux") this.skip(); // /proc is Linux's
    const script = `try { require("./tools/embedded-aws/dataFolder").takeDataFolder(process.argv[1]) } catch ({ kind, message }) { console.log(kind + ": " + message) }`;
    // The kernel's folders refuse root, too. In a process that can be ended: Node may look for a parent for ever.
    for (const folder of ["/proc/data", "/proc/deep/data", "/proc/sys/fs/binfmt_misc"]) {
      const { stdout } = spawnSync(process.execPath, ["-r", "ts-node/register", "-e", script, folder], {
        encoding: "utf8",
        timeout: 20_000,
      });
      expect(stdout).to.match(
        new RegExp(`^data folder: ${folder} (cannot be used as data folder: |holds other files)`),
      );
    }
  }).timeout(120_000);
});
