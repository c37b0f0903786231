import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";

import type { ImageStatus } from "../../handlers/protocol/rawImageGetProcess";

export const photo = (name: string): Buffer => readFileSync(join(__dirname, "../photos", name));

/** A folder that is gone after the tests of the surrounding `describe`, unless `SNAIL_KEEP_DATA` is set: then it is named. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "snail-images-"));
  after(() => {
    if (process.env.SNAIL_KEEP_DATA) console.log(`      kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A small picture that differs with its seed. */
export function picture(seed: number, format: "jpeg" | "png" | "webp" = "jpeg"): Promise<Buffer> {
  const side = 200;
  const pixels = Buffer.alloc(side * side * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * (seed + 3) + Math.floor(i / (side * 3)) * 5) % 251;
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

export interface Fetched {
  body: Buffer;
  contentType: string | null;
}

/** Fetches every rendition by its URL, as a browser would. */
export async function fetchRenditions(image: ImageStatus): Promise<Map<string, Fetched>> {
  const fetched = new Map<string, Fetched>();
  for (const { imageType, url } of image.renditions) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${imageType}: ${response.status} ${await response.text()}`);
    const body = Buffer.from(await response.arrayBuffer());
    fetched.set(imageType, { body, contentType: response.headers.get("content-type") });
  }
  return fetched;
}

/** Process ids of all that descends from a process. Linux only. */
export function descendants(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Undefined when the process has ended, or is a zombie: ended, but not waited for. */
export function parentOf(pid: number): number | undefined {
  try {
    const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return state === "Z" ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}
