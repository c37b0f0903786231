import { openAsBlob } from "node:fs";

import { Presets, SingleBar } from "cli-progress";

import type { ImageClient, UploadOptions } from "../../../client";
import { filesToSend, type FileToSend } from "./files";
import { serviceOf } from "./service";
import type { ServiceFlags } from "../support/chosenService";
import { sizeText, statusLine } from "./text";

/** Fields of an upload that stay with the image. */
type Details = Pick<UploadOptions, "metadata" | "focus">;

interface SendFlags extends ServiceFlags, Details {
  /** The image's name in place of the file's. */
  as?: string;
  /** Wait for what becomes of each image. */
  wait: boolean;
  /** Uploads at the same time. */
  atOnce: number;
}

/** `snail send FILE…`. Ends with 1 where an image was not sent or, with `--wait`, is not READY. */
export async function run(
  { as, metadata, focus, wait, atOnce, ...flags }: SendFlags,
  paths: string[],
): Promise<number> {
  const { images, target } = serviceOf(flags);
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
        const { line, ok } = await sendOne(images, { ...file, metadata, focus }, wait, (bytes) => bar.increment(bytes));
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
  images: ImageClient,
  { path, name, bytes, metadata, focus }: FileToSend & Details,
  wait: boolean,
  progress: (bytes: number) => void,
): Promise<{ line: string; ok: boolean }> {
  let before = 0;
  const upload = await images.upload(name, await openAsBlob(path), {
    metadata,
    focus,
    onProgress({ sent }) {
      progress(sent - before);
      before = sent;
    },
  });
  if (!wait) return { line: `${name}  sent, ${sizeText(bytes)}`, ok: true };
  const image = await images.waitUntilDecided(upload);
  return { line: statusLine(image), ok: image.status === "READY" && !image.reason && !image.pending };
}
