import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { FileProcess } from "../../hostile/processes";
import { plainPicture } from "../../verify/pictures";
import { snail } from "../cli/support";

describe("snail hostile", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "hostile-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const inFolder = (...names: string[]) => join(folder, ...names);

  it("runs the files of a folder, whatever their names and sizes, and says what it leaves out", async function () {
    if (process.platform !== "linux") this.skip(); // other systems refuse such names
    const picture = await plainPicture("jpeg");
    mkdirSync(inFolder("odd", "deep"), { recursive: true });
    for (const name of [Buffer.from("deep/a.jpg"), Buffer.from("b\n|.jpg"), Buffer.from("c\xff.jpg", "latin1")])
      writeFileSync(Buffer.concat([Buffer.from(inFolder("odd/")), name]), picture);
    writeFileSync(inFolder("odd", "large.jpg"), picture);
    truncateSync(inFolder("odd", "large.jpg"), 3 * 2 ** 30); // takes no room on disk
    symlinkSync(".", inFolder("odd", "loop"));
    symlinkSync("deep/a.jpg", inFolder("odd", "link.jpg"));
    execFileSync("mkfifo", [inFolder("odd", "queue.jpg")]);
    const { code, out, err } = await snail(["hostile", inFolder("odd"), "--json"]);
    const results = JSON.parse(out) as { file: string; outcome: string; reason: string }[];
    expect(results.map(({ file, outcome, reason }) => [file, outcome, reason])).to.deep.equal([
      ["b%0A%7C.jpg", "READY", ""],
      ["c\ufffd.jpg", "READY", ""],
      ["deep/a.jpg", "READY", ""],
      ["large.jpg", "REJECTED", "The image has 3221225472 bytes; at most 104857600 are allowed. Send a smaller file."],
    ]);
    const [, leftOut = ""] = /^Left out, neither files nor folders: (.*)\n$/.exec(err) ?? [];
    expect(leftOut.split(", "), err).to.have.members(["link.jpg", "loop", "queue.jpg"]);
    expect(code).to.equal(0);
  });

  it("says that a file cannot be read, be it gone by now or none", async function () {
    if (process.platform === "win32") this.skip(); // it has no mkfifo
    const files = new FileProcess("no decoder is started");
    execFileSync("mkfifo", [inFolder("queue")]);
    const read = async (path: string) => {
      const { outcome, reason } = await files.run({ path, animated: false });
      return [outcome, reason];
    };
    try {
      const gone = inFolder("gone.jpg");
      expect(await read(gone)).to.deep.equal(["unread", `ENOENT: no such file or directory, open '${gone}'`]);
      expect(await read(inFolder("queue"))).to.deep.equal(["unread", "it is not a file"]);
    } finally {
      files.stop();
    }
  });

  it("says what is wrong with a folder", async () => {
    mkdirSync(inFolder("empty"));
    writeFileSync(inFolder("file"), "");
    for (const [name, problem] of [
      ["empty", "there are no files in EMPTY"],
      ["file", "FILE is not a folder"],
      ["none", "NONE does not exist"],
    ] as const) {
      const err = `snail hostile: ${problem.replace(name.toUpperCase(), inFolder(name))}\n`;
      expect(await snail(["hostile", inFolder(name)])).to.deep.equal({ code: 1, out: "", err });
    }
  });
});
