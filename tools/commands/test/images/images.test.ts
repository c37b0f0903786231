import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import sharp from "sharp";

import type { Image } from "../../../../client";
import { LocalService } from "../../support/localService";
import { noisePicture, plainPicture } from "../../verify/pictures";
import { snail } from "../cli/support";

describe("snail send, list, show, open and delete", function () {
  this.timeout(180_000);
  const data = mkdtempSync(join(tmpdir(), "images-"));
  const files = join(data, "files");
  let service: LocalService;
  before(async () => {
    service = await LocalService.start({ data });
    mkdirSync(join(files, "holidays"), { recursive: true });
    for (const [i, name] of ["one.jpg", "zwei ü.jpg", "drei (3).jpg"].entries())
      writeFileSync(join(files, "holidays", name), await plainPicture("jpeg", ["#c33", "#3c3", "#33c"][i]));
    writeFileSync(join(files, "large one.png"), await noisePicture("png", 40 * 1024 * 1024));
    writeFileSync(join(files, "bad.jpg"), "I am not an image");
    writeFileSync(join(files, "empty.jpg"), "");
  });
  after(async () => {
    await service.stop();
    rmSync(data, { recursive: true, force: true });
  });
  const run = (...args: string[]) => snail([...args, "--data", data]);

  it("send a file of 40 MB, wait for it, tell of it, and print the URL of a rendition", async () => {
    const sent = await run("send", join(files, "large one.png"), "--wait");
    expect(sent).to.include({ code: 0, err: "" });
    expect(sent.out).to.match(/^large one\.png {2}READY {2}\d+×\d+ png, 4\d\.\d MB\n$/);
    const shown = await run("show", "large one.png");
    expect(shown.out).to.match(
      /^large one\.png {2}READY .*\n {2}placeholder \S+, most of it #[0-9a-f]{6}\n {2}large +2016×2016 {2}jpeg {2}.* {2}http:/,
    );
    const asJson = JSON.parse((await run("show", "large one.png", "--json")).out) as { renditions: unknown[] };
    expect(asJson.renditions).to.have.length(5);
    const opened = await run("open", "large one.png", "--print", "--type", "small");
    const rendition = await fetch(opened.out.trim());
    expect(await sharp(Buffer.from(await rendition.arrayBuffer())).metadata()).to.include({ width: 640, height: 640 });
  });

  it("open an image in the browser, and say its URL where there is none", async function () {
    if (process.platform !== "linux") this.skip(); // other systems have openers that take no browser from a variable
    const url = (await run("open", "large one.png", "--print")).out.trim();
    const [browser, opened] = [join(data, "browser"), join(data, "opened")];
    writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > "${opened}"\n`, { mode: 0o755 });
    const openWith = (BROWSER: string) =>
      snail(["open", "large one.png", "--data", data], { BROWSER, DISPLAY: "", XDG_CURRENT_DESKTOP: "" });
    expect(await openWith(browser)).to.deep.equal({ code: 0, out: "", err: "" });
    expect(shapeOf(readFileSync(opened, "utf8"))).to.equal(shapeOf(url));
    const { code, out, err } = await openWith(join(data, "no browser"));
    expect({ code, out }).to.deep.equal({ code: 1, out: "" });
    const [, told = ""] =
      /^snail open: no browser was opened \(the system's opener ended with \d+\): open this address in one yourself: (\S+)\n$/.exec(
        err,
      ) ?? [];
    expect(shapeOf(told), err).to.equal(shapeOf(url));
  });
  /** A presigned URL without its time and signature. */
  const shapeOf = (url: string) => url.replace(/\?.*/, "");

  it("send metadata and a focus with an image, tell of them, and refuse wrong ones", async () => {
    const file = join(files, "holidays", "one.jpg");
    const details = ["--metadata", '{"album": "Käse"}', "--focus", "0.5,1"];
    expect(await run("send", file, "--as", "told.jpg", "--wait", ...details)).to.include({ code: 0, err: "" });
    expect((await run("show", "told.jpg")).out).to.match(/READY .*\n {2}metadata {"album":"Käse"}\n {2}focus 0\.5,1\n/);
    for (const [flag, value, message] of [
      ["--metadata", "[]", 'It must be a JSON object such as {"album": "holidays"};'],
      ["--metadata", "{", 'It must be a JSON object such as {"album": "holidays"};'],
      ["--focus", "0.5", "It must be two numbers from 0 to 1, such as 0.5,0.25;"],
      ["--focus", "1,1.1", "It must be two numbers from 0 to 1, such as 0.5,0.25;"],
      ["--focus", "0,,1", "It must be two numbers from 0 to 1, such as 0.5,0.25;"],
    ] as const) {
      const refused = await run("send", file, flag, value);
      expect(refused.code, value).to.equal(2);
      expect(refused.err).to.include(message);
    }
    const long = await run("send", file, "--metadata", JSON.stringify({ a: "x".repeat(1_100) }));
    expect(long).to.deep.include({ code: 1 });
    expect(long.out).to.include("not sent: metadata has 1108 bytes as JSON in UTF-8; at most 1024 are allowed.");
  });

  it("send a folder at once, and a file under another name", async () => {
    const sent = await run("send", join(files, "holidays"), "--wait", "--at-once", "2");
    expect(sent).to.include({ code: 0, err: "" });
    expect(sent.out.split("\n").map((line) => line.split("  ").slice(0, 2).join(" "))).to.deep.equal([
      "drei (3).jpg READY",
      "one.jpg READY",
      "zwei ü.jpg READY",
      "3 of 3 READY",
      "",
    ]);
    const renamed = await run("send", join(files, "holidays", "one.jpg"), "--as", "100% neu.jpg");
    expect(renamed).to.deep.include({ code: 0, out: "100% neu.jpg  sent, 719 bytes\n" });
    await service.untilStatus("100% neu.jpg", "READY");
  });

  it("say why an image is not READY, or was not sent, and end with 1", async () => {
    const rejected = await run("send", join(files, "bad.jpg"), "--wait");
    expect(rejected.code).to.equal(1);
    expect(rejected.out).to.match(/^bad\.jpg {2}REJECTED {2}The file is not an image\./);
    const empty = await run("send", join(files, "empty.jpg"));
    expect(empty).to.deep.equal({ code: 1, out: "empty.jpg  not sent: The file is empty.\n", err: "" });
    const named = await run("send", join(files, "bad.jpg"), "--as", "bad.exe");
    expect(named.code).to.equal(1);
    expect(named.out).to.match(/^bad\.exe {2}not sent: The name must end in one of/);
    expect((await run("open", "bad.jpg", "--print")).err).to.match(
      /^snail open: bad\.jpg is REJECTED and has no renditions: /,
    );
  });

  it("tell a rejected upload from the good image that had the name, which stays", async () => {
    await run("send", join(files, "holidays", "one.jpg"), "--as", "kept.jpg", "--wait");
    const rejected = await run("send", join(files, "bad.jpg"), "--as", "kept.jpg", "--wait");
    expect(rejected.code).to.equal(1);
    expect(rejected.out).to.match(/^kept\.jpg {2}READY {2}320×240 jpeg, .*The file is not an image\./);
  });

  it("list images, newest first, of a status and with a prefix, as a table or as JSON", async () => {
    const listed = await run("list", "--prefix", "k");
    expect(listed).to.include({ code: 0, err: "" });
    expect(listed.out).to.match(
      /^20\S+Z {2}kept\.jpg {2}READY {2}320×240 jpeg, \d+ bytes {2}The file is not an image\..*\n$/,
    );
    const rejected = await run("list", "--status", "REJECTED");
    expect(rejected.out).to.match(/^20\S+Z {2}bad\.jpg {2}REJECTED +The file is not an image\./);
    const all = (await run("list", "--json")).out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { object: string });
    expect(all[0]).to.include({ object: "kept.jpg" });
    expect(all.at(-1)).to.include({ object: "large one.png" });
    expect((await run("list", "--json", "--limit", "2")).out.trim().split("\n")).to.have.length(2);
    const detailed = JSON.parse((await run("list", "--renditions", "--limit", "1")).out) as Image;
    expect(detailed.object).to.equal("kept.jpg");
    for (const { url, bytes } of detailed.renditions) {
      expect((await (await fetch(url)).arrayBuffer()).byteLength).to.equal(bytes);
    }
    expect(detailed.renditions).not.to.be.empty;
    expect((await run("list", "--prefix", "x")).out).to.equal("no READY images that begin with x\n");
  });

  it("delete images, and say what was not there", async () => {
    const deleted = await run("delete", "one.jpg", "never.jpg");
    expect(deleted.code).to.equal(1);
    expect(deleted.out).to.match(/^one\.jpg {2}DELET(ING|ED)\n$/);
    expect(deleted.err).to.match(/^never\.jpg {2}not deleted: there is no such image\n$/);
    await service.until("one.jpg", (code) => code === 410);
    expect(await run("show", "one.jpg")).to.include({ code: 1, out: "" });
    expect((await run("show", "never.jpg")).err).to.match(/^snail show: There is no image "never\.jpg"/);
  });

  it("say what to do where no service runs", async () => {
    const elsewhere = await snail(["show", "a.jpg", "--data", join(data, "nowhere")]);
    expect(elsewhere).to.include({ code: 1, out: "" });
    expect(elsewhere.err).to.match(/^snail show: no local run in .*: start one with `npm start`/);
  });
});
