/**
 * CPU, bytes and quality of five JPEG renditions against plain sharp, on the same inputs, in interleaved pairs, and
 * against the least that libjpeg-turbo takes. The milliseconds are this machine's; the ratios travel, if nothing else
 * keeps the machine busy. It runs under tsx: the compiler that ts-node holds in memory makes garbage collections cost
 * 20 ms, which no function would see.
 */
import { hardenSharp } from "../../handlers/image/harden";
import { longEdges, pixelsIn, plainSharp, psnr, reference, renditionsOf, similarity, spec } from ".";
import { Floor } from "./floor";
import { inputs } from "./inputs";
import { cpuMs, median, rounded, total, type Row } from "./measures";

const specs = longEdges.map((edge) => spec(edge));

/** `snail bench renditions` */
export async function measure({ pairs }: { pairs: number }): Promise<Row[]> {
  hardenSharp();
  const floor = new Floor();
  try {
    if (floor.missing !== undefined) console.error(`no floor: ${floor.missing}`);
    const rows: Row[] = [];
    for (const [name, original] of await inputs()) rows.push(await row(name, original, pairs, floor));
    return rows;
  } finally {
    floor.remove();
  }
}

async function row(name: string, original: Buffer, pairs: number, floor: Floor): Promise<Row> {
  const plain = () => Promise.all(specs.map((each) => plainSharp(original, each)));
  const here = () => renditionsOf(original, specs);
  const [theirs, ours] = [await plain(), await here()]; // and warm
  const samples: { plain: number; here: number; floor: number | undefined }[] = [];
  for (let i = 0; i < pairs; i++)
    samples.push({ plain: await cpuMs(plain), here: await cpuMs(here), floor: floor.cpuMs(original) });

  const decibels: number[] = [];
  const similarities: number[] = [];
  for (const [i, made] of ours.entries()) {
    const ideal = await reference(original, made);
    const [mine, other] = [await pixelsIn(made.body), await pixelsIn(theirs[i]?.data ?? made.body)];
    decibels.push(psnr(mine, ideal) - psnr(other, ideal));
    similarities.push(similarity(mine, ideal, made) - similarity(other, ideal, made));
  }
  const ratios = samples.flatMap((sample) => (sample.floor === undefined ? [] : sample.here / sample.floor));
  return {
    input: name,
    "plain sharp, ms": rounded(median(samples.map((sample) => sample.plain))),
    "here, ms": rounded(median(samples.map((sample) => sample.here))),
    ratio: rounded(median(samples.map((sample) => sample.here / sample.plain)), 2),
    "× floor": ratios.length > 0 ? rounded(median(ratios), 2) : "",
    bytes: rounded(total(ours.map(({ body }) => body.byteLength)) / total(theirs.map(({ data }) => data.length)), 2),
    "least PSNR, dB": rounded(Math.min(...decibels), 2),
    "least MS-SSIM": rounded(Math.min(...similarities), 4),
  };
}
