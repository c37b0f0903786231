import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Size } from "./sizes";

/**
 * libjpeg can decode at a half, a quarter or an eighth for a fraction of the cost. sharp uses that, but steps down one
 * level too few where the whole part of original/target is exactly such a factor: 4032 to 2016 decodes every pixel.
 * This is the factor that it misses, or undefined where it does well by itself.
 */
export function missedShrink(original: Size, target: Size): 2 | 4 | 8 | undefined {
  const whole = Math.floor(Math.min(original.width / target.width, original.height / target.height));
  return whole === 2 || whole === 4 || whole === 8 ? whole : undefined;
}

/** The size that libjpeg leaves. */
export function shrunk({ width, height }: Size, factor: 2 | 4 | 8): Size {
  return { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
}

/**
 * Runs `work` with a path under which sharp opens a JPEG decoded at 1/factor. The loader's option can only be given
 * behind a path, so the bytes lie in a file of a name of our own for as long as `work` runs. sharp's documentation
 * does not promise this way: callers fall back on the usual one, and a test asserts that the option works.
 */
export async function withShrunkJpeg<T>(
  original: Uint8Array,
  factor: 2 | 4 | 8,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const file = join(tmpdir(), `snail-images-${randomUUID()}.jpg`);
  try {
    // At once: by Node's threads it takes twice the CPU, and the file is in memory within a millisecond or two.
    writeFileSync(file, original, { mode: 0o600, flag: "wx" });
    return await work(`${file}[shrink=${factor}]`);
  } finally {
    rmSync(file, { force: true });
  }
}
