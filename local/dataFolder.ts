import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A data folder that this process alone uses until it lets go of it. */
export interface DataFolder {
  path: string;
  release(): void;
}

/**
 * Takes possession of a data folder, which is made if it is missing. A folder that a killed run left behind is free.
 * @param fresh forget what an earlier run stored there
 * @throws when another run that is still alive uses the folder
 */
export function takeDataFolder(path: string, { fresh = false }: { fresh?: boolean } = {}): DataFolder {
  const lock = join(path, "lock");
  const owner = ownerOf(lock);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    throw new Error(
      `${path} is in use by the run with process id ${owner}: stop it, or choose another folder with --data`,
    );
  }
  if (fresh) rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(lock, String(process.pid));
  return { path, release: () => rmSync(lock, { force: true }) };
}

function ownerOf(lock: string): number | undefined {
  try {
    const owner = Number(readFileSync(lock, "utf8"));
    return Number.isInteger(owner) && owner > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
