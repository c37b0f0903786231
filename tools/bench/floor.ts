import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program `floor.c`, where this machine has a C compiler and the headers of libjpeg-turbo. */
export class Floor {
  private readonly folder = mkdtempSync(join(tmpdir(), "snail-floor-"));
  private readonly program = join(this.folder, "floor");
  /** Why there is none. */
  readonly missing: string | undefined;

  constructor() {
    const source = join(__dirname, "floor.c");
    const { error, status, stderr } = spawnSync("cc", ["-O2", "-o", this.program, source, "-ljpeg"], {
      encoding: "utf8",
    });
    if (error) this.missing = "this machine has no C compiler (cc)";
    else if (status !== 0) this.missing = `cc cannot build it: ${/error: .*/.exec(stderr)?.[0] ?? stderr.trim()}`;
  }

  /** CPU milliseconds of a run; undefined for a file that libjpeg does not decode to RGB. */
  cpuMs(file: Buffer): number | undefined {
    if (this.missing !== undefined || file.readUInt16BE(0) !== 0xffd8) return undefined;
    const path = join(this.folder, "original");
    writeFileSync(path, file);
    try {
      return Number(execFileSync(this.program, [path, "1"], { encoding: "utf8" }));
    } catch {
      return undefined;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
