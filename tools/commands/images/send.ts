import { setTimeout as delay } from "node:timers/promises";

import { Presets, SingleBar } from "cli-progress";

import { uploadTag } from "../../../handlers/protocol/generation";
import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import type { Answer, ImageApi } from "../support/imageApi";
import { filesToSend, type FileToSend } from "./files";
import { sendFile, type Details } from "./sendFile";
import { refusalOf, serviceOf, type ServiceFlags } from "./service";
import { sizeText, statusLine } from "./text";

interface SendFlags extends ServiceFlags, Details {
  /** The image's name in place of the file's. */
  as?: string;
  /** Wait for what becomes of each image. */
  wait: boolean;
  /** Uploads at the same time. */
  atOnce: number;
}

/** How long `--wait` waits for one image, in milliseconds. */
const PATIENCE = 10 * 60_000;

/** `snail send FILE…`. Ends with 1 where an image was not sent or, with `--wait`, is not READY. */
export async function run(
  { as, metadata, focus, wait, atOnce, ...flags }: SendFlags,
  paths: string[],
): Promise<number> {
  const { api, target } = serviceOf(flags);
  const files = filesToSend(paths, target.uploadLimits.acceptedExtensions, as);
  const bar = new SingleBar(
    { format: "{bar} {percentage} %  {value} of {total} bytes", noTTYOutput: false, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(
    files.reduce((sum, { bytes }) => sum + bytes, 0),
    0,
  );
  const lines: string[] = [];
  let good = 0;
  const waiting = [...files];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      try {
        const { line, ok } = await sendOne(api, { ...file, metadata, focus }, wait, (bytes) => bar.increment(bytes));
        lines.push(line);
        if (ok) good += 1;
      } catch (error) {
        lines.push(`${file.name}  not sent: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, worker));
  bar.stop();
  for (const line of lines.sort()) console.log(line);
  if (files.length > 1) console.log(`${good} of ${files.length} ${wait ? "READY" : "sent"}`);
  return good === files.length ? 0 : 1;
}

async function sendOne(
  api: ImageApi,
  file: FileToSend & Details,
  wait: boolean,
  progress: (bytes: number) => void,
): Promise<{ line: string; ok: boolean }> {
  const before = wait ? (await api.get(file.name)).image.updatedAt : undefined;
  const versionId = await sendFile(api, file, progress);
  if (!wait) return { line: `${file.name}  sent, ${sizeText(file.bytes)}`, ok: true };
  const { image } = await outcome(api, file.name, versionId, before);
  return { line: statusLine(image), ok: image.status === "READY" && !image.reason && !image.pending };
}

/**
 * Asks until an upload is taken in and READY, or was refused.
 * @param before when the image that had the name was last changed
 */
async function outcome(api: ImageApi, name: string, versionId: string, before: string | undefined): Promise<Answer> {
  const end = Date.now() + PATIENCE;
  for (let pause = 200; ; pause = Math.min(2 * pause, 5_000)) {
    const answer = await api.get(name);
    if (answer.status !== 200) throw refusalOf(answer);
    if (isDecided(answer.image, versionId, before)) return answer;
    const { status = "" } = answer.image;
    if (Date.now() > end) throw new Error(`still ${status} after ${PATIENCE / 60_000} minutes: see \`snail show\``);
    await delay(pause);
  }
}

/**
 * Whether an upload became READY, FAILED or REJECTED.
 * @param before when the image that had the name was last changed
 */
export function isDecided(image: Partial<ImageStatus>, versionId: string, before: string | undefined): boolean {
  // The image before it is served until the new one is READY.
  const { status, generation = "" } = image.pending ?? image;
  // A generation's first digits tell its upload.
  if (generation.startsWith(uploadTag(versionId))) return status !== "PROCESSING";
  return image.reason !== undefined && image.updatedAt !== before;
}
