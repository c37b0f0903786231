import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";

/** Medians of CPU and time of one original's renditions, after a run that warms up; the process's peak over
 * its beginning. Or why there are none. */
export type Taken = { cpuMs: number; wallMs: number; overIdleMiB: number } | { cannot: string };

export interface Work {
  /** A file. */
  original: string;
  /** Where the renditions are stored, each as `<long edge>.jpg`. */
  folder: string;
  edges: number[];
  runs: number;
}

/** Measures a library of npm in a process of its own. `packages`: the folder in which peers are installed. */
export async function measurePackage(name: string, { original, folder, edges, runs }: Work, packages: string) {
  // As one file of JavaScript, so that no compiler's memory is measured.
  const script = join(folder, "child.js");
  buildSync({
    entryPoints: [join(__dirname, "child.ts")],
    outfile: script,
    bundle: true,
    packages: "external",
    platform: "node",
  });
  const child = fork(script, [name, original, folder, String(edges), String(runs), packages], {
    execArgv: [],
    env: { ...process.env, NODE_PATH: join(__dirname, "../../../node_modules") },
    silent: true,
  });
  const ended = once(child, "exit").then(() => [{ cannot: "its process ended" }]);
  const [taken] = (await Promise.race([once(child, "message"), ended])) as [Taken];
  return taken;
}

/** Measures Pillow, or a program of ImageMagick's, with Python, which tells what a process took. */
export async function measureWithPython(name: string, { original, folder, edges, runs }: Work): Promise<Taken> {
  const args = [join(__dirname, "peer.py"), name, original, folder, String(edges), String(runs)];
  const { stdout } = await promisify(execFile)("python3", args);
  return JSON.parse(stdout) as Taken;
}
