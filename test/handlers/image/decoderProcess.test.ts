import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { DECODER_FILE } from "../../../handlers/entries/resolutionBasedImagePutProcess";
import { decoderPorts } from "../../../handlers/image/decoderProcess";
import { watchedDecoder, type DecoderProcess } from "../../../handlers/image/watch";
import type { Rendition } from "../../../handlers/imagePorts";
import { decoderLimits, type RenditionSpec } from "../../../handlers/imageTypes";
import { decoderFolder } from "../../support/decoder";

const spec: RenditionSpec = { imageType: "i", width: 64, height: 64, fit: "inside", format: "jpeg", quality: 80 };
const picture = () =>
  sharp({ create: { width: 90, height: 60, channels: 3, background: "teal" } })
    .jpeg()
    .toBuffer();

/** The watch over the processes of a program, and these processes. */
function watched(folder: string, limits = decoderLimits) {
  const ports = decoderPorts(join(folder, DECODER_FILE));
  const started: DecoderProcess[] = [];
  const start = () => {
    const process = ports.start();
    started.push(process);
    return process;
  };
  return { makeRenditions: watchedDecoder({ ...ports, start }, limits), started };
}

describe("the decoder's process", () => {
  it("makes renditions, and says why it cannot", async () => {
    const { makeRenditions, started } = watched(decoderFolder());
    const made: Rendition[] = [];
    const same = { ...spec, imageType: "same" };
    const answer = await makeRenditions(await picture(), [spec, same], async (each) => void made.push(each));
    expect(answer.preview?.dominantColour).to.equal("#008081");
    expect(made.map(({ width, height, ...each }) => [each.spec, each.sameAs, width, height])).to.deep.equal([
      [spec, undefined, 64, 43],
      [same, spec, 64, 43],
    ]);
    // Its own, not copies: callers find renditions by them.
    expect(made.map((each) => each.spec)).to.have.ordered.members([spec, same]);
    expect((await sharp(made[0]?.body).metadata()).format).to.equal("jpeg");
    const bad = await makeRenditions(Buffer.from("no image"), [spec], async () => undefined);
    expect(bad).to.include({ cause: "undecodable" });
    expect(started).to.have.length(1);
    started[0]?.kill();
  });

  it("is replaced when its program is killed or crashes, at the cost of one original", async () => {
    const { makeRenditions, started } = watched(
      decoderFolder(`
        process.on("message", ({ id }) => {
          const what = require("node:fs").readFileSync("original", "latin1");
          if (what.startsWith("SIG")) process.kill(process.pid, what);
          else if (what === "forever") for (;;);
          else if (what === "memory") { const held = []; setInterval(() => held.push(Buffer.alloc(5e7, 1)), 1); }
          else process.send({ id, rendered: { undecodable: what, cause: "told" } });
        });
        process.on("disconnect", () => process.exit());
        process.send({ id: 0, ready: true });`),
      { ...decoderLimits, memoryMiB: 300, still: { cpuMs: 2_000, elapsedMs: 20_000 } },
    );
    const run = (what: string) => makeRenditions(Buffer.from(what), [spec], async () => undefined);
    for (const [what, cause] of [
      ["SIGSEGV", "decoder-crash"],
      ["SIGKILL", "decoder-crash"],
      ["forever", "decoder-cpu"],
      ["memory", "decoder-memory"],
    ] as const) {
      const [killed, next] = await Promise.all([run(what), run("well")]);
      expect(killed, what).to.include({ cause });
      expect(next, what).to.include({ undecodable: "well" });
    }
    expect(started).to.have.length(5);
    started.at(-1)?.kill();
  });

  it("has no credentials, nothing to read but its packages, nothing to write but its folder, and no other processes", async () => {
    process.env.AWS_SECRET_ACCESS_KEY_OF_A_TEST = "secret";
    const { makeRenditions, started } = watched(
      decoderFolder(`
        const tried = (work) => { try { work(); return "done"; } catch ({ code }) { return code; } };
        process.on("message", ({ id }) => {
          const fs = require("node:fs");
          const found = {
            folder: process.cwd(),
            // Node itself hands the folder for coverage on.
            environment: Object.keys(process.env).filter((each) => each !== "NODE_V8_COVERAGE").sort().join(),
            own: tried(() => fs.writeFileSync("mine", "")),
            parent: tried(() => fs.readFileSync("/proc/" + process.ppid + "/environ")),
            elsewhere: tried(() => fs.writeFileSync("/tmp/elsewhere", "")),
            process: tried(() => require("node:child_process").execSync("true")),
            thread: tried(() => new (require("node:worker_threads").Worker)("0", { eval: true })),
          };
          process.send({ id, rendered: { undecodable: JSON.stringify(found), cause: "told" } });
        });
        process.on("disconnect", () => process.exit());
        process.send({ id: 0, ready: true });`),
    );
    const { undecodable = "" } = await makeRenditions(Buffer.from(""), [spec], async () => undefined);
    delete process.env.AWS_SECRET_ACCESS_KEY_OF_A_TEST;
    const { folder, ...found } = JSON.parse(undecodable) as Record<string, string>;
    expect(found).to.deep.equal({
      environment: "MALLOC_ARENA_MAX,NODE_PATH,TMPDIR,VIPS_BLOCK_UNTRUSTED",
      own: "done",
      parent: "ERR_ACCESS_DENIED",
      elsewhere: "ERR_ACCESS_DENIED",
      process: "ERR_ACCESS_DENIED",
      thread: "ERR_ACCESS_DENIED",
    });
    started[0]?.kill();
    await started[0]?.next();
    expect(started[0]?.usage()).to.equal(undefined);
    expect(existsSync(folder ?? "")).to.equal(false);
  });
});
