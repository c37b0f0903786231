import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { WrongCall } from "../support/wrongCall";

/**
 * Lays out the tree of a commit in an empty folder, ready to run: with the packages of its own lock file.
 * @param root of the repository, which stays as it is
 * @throws WrongCall when the reference names no commit
 */
export function checkOutBase(root: string, reference: string, folder: string): void {
  const commit = commitOf(root, reference);
  mkdirSync(folder, { recursive: true });
  const archive = `${folder}.tar`;
  git(root, ["archive", "--format=tar", `--output=${archive}`, commit]);
  execFileSync("tar", ["-xf", archive, "-C", folder]);
  bringPackages(root, folder);
  // The layer's folder is keyed by the lock's hash, so one cache serves both trees.
  const layers = join(root, ".layer");
  mkdirSync(layers, { recursive: true });
  link(layers, join(folder, ".layer"));
}

/** True when the tree has a program that Pulumi can run for this stack. */
export function hasStack(folder: string, stack: string): boolean {
  return existsSync(join(folder, "Pulumi.yaml")) && existsSync(join(folder, `Pulumi.${stack}.yaml`));
}

function commitOf(root: string, reference: string): string {
  try {
    return git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`]).trim();
  } catch {
    throw new WrongCall(`--base ${reference}: no such commit here; fetch it first (git fetch origin).`);
  }
}

function bringPackages(root: string, folder: string): void {
  if (!existsSync(join(folder, "package.json"))) return;
  const lock = (of: string) => {
    const file = join(of, "package-lock.json");
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const own = lock(folder);
  if (own === undefined || own === lock(root)) {
    link(join(root, "node_modules"), join(folder, "node_modules"));
    return;
  }
  console.error("The base has another package-lock.json: installing its packages.");
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32", // npm is a .cmd file there
  });
}

/** A junction on Windows, where links to folders need no privilege only in that form. */
function link(target: string, path: string): void {
  if (!existsSync(path)) symlinkSync(target, path, "junction");
}

function git(root: string, args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
