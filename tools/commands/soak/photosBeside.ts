import { readFileSync } from "node:fs";
import { join } from "node:path";

import { hostileFiles } from "../hostile/corpus";
import { LocalService } from "../support/localService";

/** Aimed at the readers that look into an upload before it is stored. Each is sent twice. */
const HOSTILE = [
  "predicted 200 times.webp",
  "1,000,000 unknown chunks.webp",
  "EXIF in a circle.webp",
  "a second list of 900,000 items.avif",
  "4,000,000 names of a property.avif",
  "18,000 lists of tiles that go on behind their boxes.avif",
  "15,000 lists of properties that go on behind their boxes.avif",
  "1,000,000 boxes behind it.avif",
  "2,000,000 comments.jpg",
  "50,000 Huffman tables.jpg",
  "600,000 unknown chunks.png",
  "a BigTIFF of 70,000 tags.tiff",
];
const PHOTOS = 4;
const SECONDS_BETWEEN = 4;
/** A photo is READY so soon, in milliseconds; or, on a machine that is busy, in so many times what one takes alone. */
const MOST_MS = 5_000;
const MOST_TIMES = 10;

/** Sends photos while hostile files are taken in; resolves with what it says of each that had to wait for them. */
export async function photosBeside(data: string): Promise<string[]> {
  const service = await LocalService.start({ data });
  const photo = readFileSync(join(__dirname, "../../../test/photos/p12.jpg"));
  const latencyOf = async (name: string): Promise<number> => {
    const sentAt = performance.now();
    await service.put(name, photo);
    await service.untilStatus(name, "READY");
    return Math.round(performance.now() - sentAt);
  };
  try {
    await Promise.all(Array.from({ length: 12 }, (_, i) => latencyOf(`the first ${i}.jpg`))); // starts the functions
    const alone = await latencyOf("alone.jpg");
    const files = hostileFiles().filter(({ name }) => HOSTILE.includes(name));
    const bodies = await Promise.all(files.map(async ({ name, body }) => ({ name, body: await body() })));
    const sent = [1, 2].flatMap((time) => bodies.map(({ name, body }) => service.put(`${time} ${name}`, body)));
    const latencies: Promise<number>[] = [];
    for (let i = 1; i <= PHOTOS; i++) {
      latencies.push(latencyOf(`photo ${i}.jpg`));
      await new Promise((resolve) => setTimeout(resolve, SECONDS_BETWEEN * 1000));
    }
    await Promise.all(sent);
    const all = await Promise.all(latencies);
    console.log(
      `photos beside ${sent.length} hostile files: READY after ${all.join(", ")} ms; alone after ${alone} ms`,
    );
    return all
      .filter((ms) => ms > Math.max(MOST_MS, MOST_TIMES * alone))
      .map((ms) => `photos do not wait for hostile files: one was READY after ${ms} ms`);
  } finally {
    await service.kill();
  }
}
