/**
 * CPU, bytes and quality of five JPEG renditions against plain sharp, on the same inputs, in interleaved pairs, and
 * against the least that libjpeg-turbo takes. The milliseconds are this machine's; the ratios travel, if nothing else
 * keeps the machine busy.
 */
import { hardenSharp } from "../../handlers/image/safety";
import { longEdges, pixelsIn, plainSharp, psnr, reference, renditionsOf, similarity, spec } from ".";
import { Floor } from "./floor";
import { inputs } from "./inputs";
import { median, rounded, total, type Row } from "./measures";
import { PairProcess } from "./pairProcess";
import { ssimulacra2, ssimulacra2Missing } from "./ssimulacra2";

const specs = longEdges.map((edge) => spec(edge));

/** `snail bench renditions` */
export async function measure({ pairs }: { pairs: number }): Promise<Row[]> {
  hardenSharp();
  const floor = new Floor();
  const measured = new PairProcess();
  try {
    if (floor.missing !== undefined) console.error(`no floor: ${floor.missing}`);
    if (ssimulacra2Missing !== undefined) console.error(`no SSIMULACRA2: ${ssimulacra2Missing}`);
    const rows: Row[] = [];
    for (const [name, original] of await inputs()) {
      rows.push({ input: name, ...(await cpu(original, pairs, measured, floor)), ...(await pictures(original)) });
    }
    return rows;
  } finally {
    floor.remove();
    measured.end();
  }
}

async function cpu(original: Buffer, pairs: number, measured: PairProcess, floor: Floor): Promise<Row> {
  const floors: (number | undefined)[] = [];
  const samples = await measured.measure(original, pairs, () => floors.push(floor.cpuMs(original)));
  // The first floor belongs to the pair that only warms.
  const ratios = samples.flatMap(({ here }, i) => here / (floors[i + 1] ?? NaN)).filter((ratio) => !isNaN(ratio));
  return {
    "plain sharp, ms": rounded(median(samples.map(({ plain }) => plain))),
    "here, ms": rounded(median(samples.map(({ here }) => here))),
    ratio: rounded(median(samples.map(({ here, plain }) => here / plain)), 2),
    "× floor": ratios.length > 0 ? rounded(median(ratios), 2) : "",
  };
}

/** Bytes in all, and the least gain in quality over plain sharp at any size, and the mean one of all sizes. */
async function pictures(original: Buffer): Promise<Row> {
  const theirs = await Promise.all(specs.map((each) => plainSharp(original, each)));
  const ours = await renditionsOf(original, specs);
  const gains: { decibels: number; similarity: number; ssimulacra2: number }[] = [];
  for (const [i, made] of ours.entries()) {
    const ideal = await reference(original, made);
    const [mine, other] = [await pixelsIn(made.body), await pixelsIn(theirs[i]?.data ?? made.body)];
    const score = async (pixels: Buffer) => (ssimulacra2Missing === undefined ? ssimulacra2(pixels, ideal, made) : NaN);
    gains.push({
      decibels: psnr(mine, ideal) - psnr(other, ideal),
      similarity: similarity(mine, ideal, made) - similarity(other, ideal, made),
      ssimulacra2: (await score(mine)) - (await score(other)),
    });
  }
  const least = (of: keyof (typeof gains)[number]) => Math.min(...gains.map((gain) => gain[of]));
  const scores = gains.map((gain) => gain.ssimulacra2);
  return {
    bytes: rounded(total(ours.map(({ body }) => body.byteLength)) / total(theirs.map(({ data }) => data.length)), 2),
    "least PSNR, dB": rounded(least("decibels"), 2),
    "least MS-SSIM": rounded(least("similarity"), 4),
    ...(ssimulacra2Missing === undefined && {
      "least SSIMULACRA2": rounded(least("ssimulacra2"), 1),
      "mean SSIMULACRA2": rounded(total(scores) / scores.length, 1),
    }),
  };
}
