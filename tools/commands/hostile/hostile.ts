import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostileFiles, mutations, type HostileFile } from "./corpus";
import { DECODER_FILE } from "../../../handlers/entries/resolutionBasedImagePutProcess";
import { decoderLimits } from "../../../handlers/imageTypes";
import { decoderProgram } from "../../../layer/decoder";
import type { Order } from "./child";
import { foundFiles } from "./foundFiles";
import { FileProcess, type Outcome } from "./processes";

/** The decoder is looked at now and then, so that a file may exceed its limits by a little before it is stopped. */
const TOLERANCE = 1.1;
/** So many times the decoder's limit of CPU has an honest file that this machine is too slow for. */
const PATIENCE = 3;
/** No file may cost its upload's inspection more, in milliseconds of CPU. */
const MOST_INTAKE_MS = 50;

interface Flags {
  mutations: number;
  seed: number;
  processes: number;
  keep?: string;
  animated: boolean;
  json: boolean;
}

/** The end of a file's run; `problem` where that must not be. */
type Result = { file: string } & Outcome;

/** `snail hostile`: 1 where a file does what none may. */
export async function run(flags: Flags, folder?: string): Promise<number> {
  const made = flags.keep ?? mkdtempSync(join(tmpdir(), "snail-hostile-"));
  const decoder = mkdtempSync(join(tmpdir(), "snail-decoder-program-"));
  const program = join(decoder, DECODER_FILE);
  const processes = Array.from({ length: flags.processes }, () => new FileProcess(program));
  const startedAt = Date.now();
  try {
    writeFileSync(program, decoderProgram());
    const files = folder === undefined ? await madeFiles(flags, made) : filesOf(folder, flags.animated);
    if (files.length === 0) throw new Error(`there are no files in ${folder ?? made}`);
    const results: Result[] = [];
    const waiting = files.values();
    await Promise.all(
      processes.map(async (process) => {
        for (const file of waiting) results.push(await judged(process, file));
      }),
    );
    results.sort(
      (a, b) => files.findIndex(({ name }) => name === a.file) - files.findIndex(({ name }) => name === b.file),
    );
    if (flags.json) console.log(JSON.stringify(results, undefined, 1));
    else print(results, Math.round((Date.now() - startedAt) / 1000));
    return results.some(({ problem }) => problem !== undefined) ? 1 : 0;
  } finally {
    for (const process of processes) process.stop();
    rmSync(decoder, { recursive: true });
    if (flags.keep === undefined) rmSync(made, { recursive: true, force: true });
  }
}

/** A file on disk, or one that is still to be written there. */
interface FileToRun extends Pick<HostileFile, "name" | "outcome">, Order {
  write?: () => Promise<void>;
  remove?: () => void;
}

async function madeFiles({ mutations: count, seed, keep }: Flags, made: string): Promise<FileToRun[]> {
  mkdirSync(made, { recursive: true });
  const all = [...hostileFiles(), ...(await mutations(count, seed))];
  return all.map(({ name, body, outcome, animated = false }) => {
    const path = join(made, name);
    const write = async () => writeFileSync(path, await body());
    return { name, outcome, animated, path, write, ...(keep === undefined && { remove: () => rmSync(path) }) };
  });
}

function filesOf(folder: string, animated: boolean): FileToRun[] {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) throw new Error(`${folder} ${stat ? "is not a folder" : "does not exist"}`);
  const { files, leftOut } = foundFiles(folder);
  if (leftOut.length > 0)
    console.error(`Left out, neither files nor folders: ${leftOut.map((path) => inOneLine(String(path))).join(", ")}`);
  return files.map((file) => ({
    name: inOneLine(String(file)),
    path: Buffer.concat([Buffer.from(`${folder}/`), file]),
    animated,
  }));
}

/** A name as a cell of a table can hold it. */
const inOneLine = (name: string): string => name.replace(/[\p{Cc}|]/gu, encodeURIComponent);

/** Runs a file; once more, alone in a new process, where it cost too much, because memory stays with a process. */
async function judged(process: FileProcess, { write, remove, ...file }: FileToRun): Promise<Result> {
  await write?.();
  let result = await process.run(file);
  if (costOf(result, file) !== undefined) {
    process.stop();
    result = await process.run(file);
  }
  let order = file;
  // An honest file must be READY, however slow this machine is.
  if (file.outcome === "READY" && result.outcome === "FAILED" && result.cpuMs >= mostCpuMs(file)) {
    order = { ...file, patience: PATIENCE };
    process.stop();
    result = await process.run(order);
    process.stop();
  }
  remove?.();
  const problem = problemOf(result, order);
  return { file: file.name, ...result, ...(problem !== undefined && { problem }) };
}

const mostCpuMs = ({ animated, patience = 1 }: Order): number =>
  patience * decoderLimits[animated ? "animated" : "still"].cpuMs;

/** The bound that a file went beyond. */
function costOf({ intakeMs, cpuMs, peakMiB }: Outcome, file: FileToRun): string | undefined {
  const { memoryMiB } = decoderLimits;
  if (intakeMs > MOST_INTAKE_MS) return `more than ${MOST_INTAKE_MS} ms of CPU before it was stored`;
  if (cpuMs > mostCpuMs(file) * TOLERANCE) return `more than ${mostCpuMs(file)} ms of CPU`;
  return peakMiB > memoryMiB * TOLERANCE ? `more than ${memoryMiB} MiB` : undefined;
}

function problemOf(result: Outcome, file: FileToRun): string | undefined {
  const { outcome } = result;
  const { outcome: expected } = file;
  if (outcome === "unread") return `it cannot be read: ${result.reason}`;
  if (outcome === "exception") return "an exception: the message would be tried again, and become a dead letter";
  if (outcome === "crash" || outcome === "hang") return `a ${outcome}`;
  const cost = costOf(result, file);
  if (cost !== undefined) return cost;
  if (outcome !== "READY" && !/^[A-Z].*\.$/.test(result.reason)) return "its reason must be a sentence";
  const isExpected =
    expected === undefined || expected === outcome || (expected === "not READY" && outcome !== "READY");
  return isExpected ? result.problem : `must be ${expected}`;
}

/** Problems, the costliest files, and a count for each outcome. */
function print(results: Result[], seconds: number): void {
  const row = ({ file, outcome, reason, intakeMs, cpuMs, peakMiB, problem }: Result) =>
    `| ${[file, outcome, intakeMs, cpuMs, peakMiB, problem ?? reason].join(" | ")} |`;
  const head = "| file | outcome | intake, ms | decoder, ms | peak, MiB | reason |\n|---|---|---|---|---|---|";
  console.log(`${head}\n${results.map(row).join("\n")}\n`);
  const bad = results.filter(({ problem }) => problem !== undefined);
  if (bad.length > 0) console.log(`Must not be:\n\n${head}\n${bad.map(row).join("\n")}\n`);
  const costly = [...results].sort((a, b) => b.cpuMs - a.cpuMs).slice(0, 5);
  console.log(`The most CPU:\n\n${head}\n${costly.map(row).join("\n")}\n`);
  const counts = Map.groupBy(results, ({ outcome }) => outcome);
  const summary = [...counts].map(([outcome, list]) => `${list.length} ${outcome}`).join(", ");
  const most = (of: "intakeMs" | "cpuMs" | "peakMiB") => Math.max(...results.map((result) => result[of]));
  console.log(
    `${results.length} files in ${seconds} s: ${summary}; at most ${most("intakeMs")} ms before they were stored, ` +
      `${most("cpuMs")} ms and ${most("peakMiB")} MiB in the decoder`,
  );
  console.log(`${results.length - bad.length} passed, ${bad.length} failed`);
}
