import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/safety";
import { makeRenditions } from "../../../handlers/image/renditions";
import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import { median } from "../support/median";
import { MeasuredRun } from "./measuredRun";
import { type Measured, MEASURED_FILE } from "./measured";

/** Photos that warm the functions up. */
const WARM_UP = 8;

/** `snail cost measure`: runs the service here, and records what one image takes. */
export async function run({ photos }: { photos: number }): Promise<void> {
  const photo = readFileSync(join(__dirname, "../../../test/photos/p12.jpg"));
  const alone = await renditionsAlone(photo);
  const service = await MeasuredRun.open();
  try {
    await service.putAll(names("warm", WARM_UP), photo);
    const uploaded = names("photo", photos);
    const put = await service.during(photos, () => service.putAll(uploaded, photo));
    const [first = ""] = uploaded;
    const status = (await (await service.ask("GET", first)).json()) as ImageStatus;
    const recordBytes = await service.recordBytes(first);
    const get = await service.during(photos, () => service.getAll(uploaded));
    const deletion = await service.during(photos, () => service.deleteAll(uploaded));
    const { width = 0, height = 0, renditions } = status;
    const measured: Measured = {
      measuredAt: new Date().toISOString(),
      photo: { bytes: photo.length, megapixels: rounded((width * height) / 1e6) },
      renditions: {
        count: renditions.length,
        bytes: renditions.reduce((sum, { bytes }) => sum + bytes, 0),
        megapixels: rounded(renditions.reduce((sum, rendition) => sum + rendition.width * rendition.height, 0) / 1e6),
      },
      recordBytes,
      ...alone,
      metrics: service.metrics(),
      paths: { put, get, delete: deletion },
    };
    writeFileSync(MEASURED_FILE, `${JSON.stringify(measured, undefined, 2)}\n`);
    console.log(`Measured ${photos} photos; wrote ${MEASURED_FILE}`);
  } finally {
    await service.close();
  }
}

const names = (kind: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${kind}-${i}.jpg`);

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** CPU of making the default renditions of a photo in one thread, milliseconds: as here, and by five pipelines of sharp. */
async function renditionsAlone(photo: Buffer): Promise<Pick<Measured, "renditionsMs" | "plainSharpMs">> {
  hardenSharp();
  const specs = [2016, 1280, 640, 320, 160].map(
    (edge) =>
      ({ imageType: `edge${edge}`, width: edge, height: edge, fit: "inside", format: "jpeg", quality: 80 }) as const,
  );
  const here = () => makeRenditions(photo, specs, () => undefined);
  const plain = () =>
    Promise.all(
      specs.map(({ width, height, fit, quality }) =>
        sharp(photo).autoOrient().resize({ width, height, fit }).jpeg({ quality }).toBuffer(),
      ),
    );
  const samples: { here: number; plain: number }[] = [];
  for (let i = 0; i < PAIRS + 1; i++) samples.push({ here: await cpu(here), plain: await cpu(plain) });
  const warm = samples.slice(1);
  return {
    renditionsMs: Math.round(median(warm.map((sample) => sample.here))),
    plainSharpMs: Math.round(median(warm.map((sample) => sample.plain))),
  };
}

/** Interleaved measurements. */
const PAIRS = 9;

async function cpu(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
