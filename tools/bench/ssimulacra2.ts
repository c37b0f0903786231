import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";

const PROGRAM = "ssimulacra2_rs";

/** Why SSIMULACRA2 cannot be measured here; undefined where it can. No npm package has it. */
export const ssimulacra2Missing: string | undefined = spawnSync(PROGRAM, ["--version"]).error
  ? `this machine has no ${PROGRAM} (cargo install ssimulacra2_rs --no-default-features)`
  : undefined;

/** How alike a picture of RGB looks to the ideal one, up to 100; 90 is hard to tell apart, 70 is high quality. */
export async function ssimulacra2(
  picture: Uint8Array,
  ideal: Uint8Array,
  { width, height }: { width: number; height: number },
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "snail-ssimulacra2-"));
  try {
    const [from, to] = [join(folder, "ideal.png"), join(folder, "picture.png")];
    const png = (pixels: Uint8Array) =>
      sharp(pixels, { raw: { width, height, channels: 3 } }).png({ compressionLevel: 1 });
    writeFileSync(from, await png(ideal).toBuffer());
    writeFileSync(to, await png(picture).toBuffer());
    const score = /Score: (-?[\d.]+)/.exec(execFileSync(PROGRAM, ["image", from, to], { encoding: "utf8" }))?.[1];
    if (score === undefined) throw new Error(`${PROGRAM} printed no score`);
    return Number(score);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
