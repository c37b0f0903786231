import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const files = ["package.json", "package-lock.json"];

/** The folder of the user's cache in which this lock file's packages are installed, or would be. */
export function packagesFolder(): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(__dirname, file)));
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(cache, "snail-images", `bench-peers-${hash.digest("hex").slice(0, 12)}`);
}

/** Installs the packages of the lock file, without running their scripts, where they are not there yet. */
export function installPackages(): void {
  const folder = packagesFolder();
  if (existsSync(folder)) return;
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  for (const file of files) cpSync(join(__dirname, file), join(fresh, file));
  console.error(`Installing the packages of ${join(__dirname, "package.json")} in ${folder}`);
  try {
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: fresh,
      stdio: ["ignore", "ignore", "inherit"],
    });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Peers of this machine that are not from npm: names, and the programs that stand for them. */
export function programs(): { name: string; program: string }[] {
  const says = (program: string, ...args: string[]): string => {
    const { error, stdout } = spawnSync(program, args, { encoding: "utf8" });
    return error ? "" : stdout;
  };
  if (says("python3", "--version") === "") return []; // it measures them
  const pillow = says("python3", "-c", "import PIL; print(PIL.__version__)").trim();
  const magick = ["magick", "convert"].flatMap((program) => {
    const [, version] = /ImageMagick ([\d.-]+)/.exec(says(program, "-version")) ?? [];
    return version === undefined ? [] : [{ name: `ImageMagick ${version}`, program }];
  });
  return [...(pillow === "" ? [] : [{ name: `Pillow ${pillow}`, program: "Pillow" }]), ...magick.slice(0, 1)];
}
