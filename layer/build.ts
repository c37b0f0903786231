import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

export type Architecture = "arm64" | "x86_64";
type Install = (folder: string, cpu: string) => Promise<void>;

/** npm's names of Lambda's architectures. */
const cpus: Record<Architecture, string> = { arm64: "arm64", x86_64: "x64" };

/**
 * Installs the project's `dependencies`, as its lock file has them, for Lambda's Linux, whatever runs here. The result
 * is kept under `.layer/` for as long as lock file and architecture stay the same.
 *
 * @returns a folder that holds `nodejs/node_modules`
 * @throws Error when npm fails, or when the packages are not exactly those of the platform
 */
export async function buildLayer(
  architecture: Architecture,
  { project = dirname(__dirname), install = npmCi }: { project?: string; install?: Install } = {},
): Promise<string> {
  const lock = await readFile(join(project, "package-lock.json"));
  const key = createHash("sha256").update(lock).update(architecture).digest("hex").slice(0, 16);
  const layer = join(project, ".layer", key);
  if (existsSync(layer)) return layer;

  // Made elsewhere and moved when it is whole: a folder of this name is always a whole layer.
  const unfinished = `${layer}.${process.pid}`;
  const nodejs = join(unfinished, "nodejs");
  try {
    await mkdir(nodejs, { recursive: true });
    for (const file of ["package.json", "package-lock.json"]) await copyFile(join(project, file), join(nodejs, file));
    await install(nodejs, cpus[architecture]);
    await prune(nodejs);
    await requirePlatform(nodejs, cpus[architecture]);
    await rename(unfinished, layer).catch((error: unknown) => {
      if (!existsSync(layer)) throw error; // else another process was first
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return layer;
}

async function npmCi(folder: string, cpu: string): Promise<void> {
  const platform = ["--os=linux", `--cpu=${cpu}`, "--libc=glibc"];
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  try {
    await promisify(execFile)("npm", ["ci", "--omit=dev", ...platform, ...quiet], {
      cwd: folder,
      shell: process.platform === "win32", // where npm is a script
    });
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    throw new Error(`the functions' layer could not be installed by npm ci:\n${stderr.trim() || String(error)}`);
  }
}

/** Deletes everything but `node_modules`, and the packages in it that no function loads: some releases of npm install sharp's wasm32 build. */
async function prune(nodejs: string): Promise<void> {
  const useless = [
    "package.json",
    "package-lock.json",
    "node_modules/.package-lock.json",
    "node_modules/.bin",
    "node_modules/@img/sharp-wasm32",
  ];
  await Promise.all(useless.map((path) => rm(join(nodejs, path), { recursive: true, force: true })));
}

/** A layer with another platform's sharp would fail at the first image, so it fails here. */
async function requirePlatform(nodejs: string, cpu: string): Promise<void> {
  const scope = join(nodejs, "node_modules", "@img");
  const binaries = (existsSync(scope) ? await readdir(scope) : []).filter((name) => name.startsWith("sharp-")).sort();
  const wanted = [`sharp-libvips-linux-${cpu}`, `sharp-linux-${cpu}`];
  if (binaries.join() !== wanted.join()) {
    throw new Error(
      `the functions' layer must have @img/${wanted.join(" and @img/")}; npm installed ${binaries.join(", ") || "neither"}. ` +
        "Does package-lock.json list the packages of all platforms?",
    );
  }
}
