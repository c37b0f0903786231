/**
 * Measures the cost of the whole local service beside the images themselves: the CPU of all its processes while it takes photos
 * to READY, against that of making the same renditions alone, here and by plain sharp.
 * It runs under tsx, as the other benchmark does; the service itself runs as `npm start` runs it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hardenSharp } from "../../handlers/image/safety";
import { makeRenditions } from "../../handlers/image/renditions";
import { LocalService } from "../commands";
import { longEdges, plainSharp, spec } from ".";
import { atOnce } from "./atOnce";
import { rounded, type Row } from "./measures";

const specs = longEdges.map((edge) => spec(edge));
/** Uploads under way at the same time. */
const UPLOADERS = 4;
const WARM_UP = 24;

interface Cost {
  cpuSeconds: number;
  seconds: number;
}

/** `snail bench path` */
export async function measure({ copies }: { copies: number }): Promise<Row[]> {
  const photo = readFileSync(join(__dirname, "../../test/photos/p12.jpg"));
  const service = await throughService(photo, copies);
  hardenSharp();
  const alone = await repeated(copies, () => makeRenditions(photo, specs, () => undefined));
  const plain = await repeated(copies, () => Promise.all(specs.map((each) => plainSharp(photo, each))));

  const row = rowOf({ alone, plain }, copies);
  return [
    row("plain sharp alone", plain),
    row("renditions alone", alone),
    row("local service: functions", service.functions),
    row("local service: embedded AWS", service.aws),
    row("local service: all", service.all),
  ];
}

const rowOf =
  (to: Record<"alone" | "plain", Cost>, copies: number) =>
  (name: string, { cpuSeconds, seconds }: Cost): Row => {
    return {
      [`${copies} photos of 12 MP`]: name,
      "CPU, s": rounded(cpuSeconds, 1),
      "ms a photo": rounded((cpuSeconds * 1000) / copies),
      "photos/s": rounded(copies / seconds, 1),
      ratio: rounded(cpuSeconds / to.alone.cpuSeconds, 2),
      "to plain sharp": rounded(cpuSeconds / to.plain.cpuSeconds, 2),
    };
  };

async function repeated(copies: number, work: () => Promise<unknown>): Promise<Cost> {
  const make = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await work();
  };
  await make(WARM_UP);
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await make(copies);
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - startedAt) / 1000 };
}

async function throughService(photo: Buffer, copies: number): Promise<Record<"all" | "aws" | "functions", Cost>> {
  const data = mkdtempSync(join(tmpdir(), "snail-images-bench-"));
  const service = await LocalService.start({ data });
  try {
    await putAll(service, photo, "warm", WARM_UP);
    const [startedAt, before] = [performance.now(), cpuOf(service.pid)];
    await putAll(service, photo, "photo", copies);
    const after = cpuOf(service.pid);
    const seconds = (performance.now() - startedAt) / 1000;
    const aws = { cpuSeconds: after.own - before.own, seconds };
    const functions = { cpuSeconds: after.children - before.children, seconds };
    return { aws, functions, all: { cpuSeconds: aws.cpuSeconds + functions.cpuSeconds, seconds } };
  } finally {
    await service.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Uploads copies under different names and waits until all are READY, by the lines that functions log. */
async function putAll(service: LocalService, photo: Buffer, name: string, copies: number): Promise<void> {
  const names = Array.from({ length: copies }, (_, i) => `${name}-${i}.jpg`);
  const waiting = new Set(names);
  const allReady = service.untilLine((line) => {
    const [, ready] = /(\S+): ready/.exec(line) ?? [];
    if (ready !== undefined) waiting.delete(ready);
    return waiting.size === 0;
  });
  await atOnce(UPLOADERS, names, async (each) => {
    const { status } = await service.put(each, photo);
    if (status !== 202) throw new Error(`PUT ${each} answered ${status}`);
  });
  await allReady;
}

/** Clock ticks in a second, which Linux fixes for all that reads /proc. */
const TICKS = 100;

/** User and system seconds of a process, and of all that it and these started, ended ones included. */
function cpuOf(pid: number): { own: number; children: number } {
  const all = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => ({ pid: Number(entry), ...ticksOf(Number(entry)) }));
  const below = (parent: number): number =>
    all
      .filter((process) => process.parent === parent)
      .reduce((sum, process) => sum + (process.own ?? 0) + (process.ended ?? 0) + below(process.pid), 0);
  const self = ticksOf(pid);
  return { own: (self?.own ?? 0) / TICKS, children: ((self?.ended ?? 0) + below(pid)) / TICKS };
}

function ticksOf(pid: number): { parent: number; own: number; ended: number } | undefined {
  try {
    // After the name, which is in brackets: state, parent, …; see proc_pid_stat(5).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()?.split(" ").map(Number) ?? [];
    const [, parent = 0] = fields;
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { parent, own: user + system, ended: endedUser + endedSystem };
  } catch {
    return undefined; // it has ended
  }
}
