import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { decoderProgram } from "../../layer/decoder";
import type { Pair } from "./pairs";

/**
 * Runs `pairs.ts` as one file of plain JavaScript, as a function runs: a compiler in the same process makes each garbage
 * collection cost what no function would see.
 */
export class PairProcess {
  private readonly folder = mkdtempSync(join(tmpdir(), "snail-pairs-"));
  private readonly child: ChildProcess;

  constructor() {
    const outfile = join(this.folder, "pairs.js");
    buildSync({
      entryPoints: [join(__dirname, "pairs.ts")],
      bundle: true,
      platform: "node",
      packages: "external",
      outfile,
    });
    const program = join(this.folder, "decoder.js");
    writeFileSync(program, decoderProgram());
    this.child = fork(outfile, [program], {
      // The packages are not beside it. The rest is as the function has it (components/imageFunction.ts).
      env: {
        ...process.env,
        NODE_PATH: join(__dirname, "../../node_modules"),
        MALLOC_ARENA_MAX: "1",
        VIPS_BLOCK_UNTRUSTED: "1",
      },
      // As AWS sets it for a function of 2 GiB.
      execArgv: ["--max-semi-space-size=102"],
    });
  }

  /** Measures so many pairs of an original, after one to warm up; `between` runs after each. */
  async measure(original: Buffer, pairs: number, between: () => void): Promise<Pair[]> {
    const path = join(this.folder, "original");
    writeFileSync(path, original);
    const measured: Pair[] = [];
    for (let i = 0; i <= pairs; i++) {
      this.child.send(path);
      const [pair] = (await once(this.child, "message")) as [Pair];
      if (i > 0) measured.push(pair);
      between();
    }
    return measured;
  }

  end(): void {
    this.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
