import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { errorMessage } from "./errorMessage";
import { Obstacle } from "./obstacle";

/** A data folder that only this process uses, until it releases it. */
interface DataFolder {
  path: string;
  release(): void;
}

/** Locked by a run while it lives; the operating system releases the lock however the process ends. */
const LOCK = "lock.sqlite";
/** The process id of the run that has, or had, the lock. */
const OWNER = "process-id";

/**
 * Locks a data folder for this process and creates it if it is missing. The folder of a killed run is free.
 * @param fresh delete the files of earlier runs
 * @throws Obstacle when another run uses the folder, when it holds files that no earlier run made, or cannot be used
 */
export function takeDataFolder(path: string, { fresh = false }: { fresh?: boolean } = {}): DataFolder {
  try {
    return take(path, fresh);
  } catch (error) {
    if (error instanceof Obstacle) throw error;
    throw new Obstacle("data folder", `${path} cannot be used as data folder: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

function take(path: string, fresh: boolean): DataFolder {
  makeFolder(path);
  const found = readdirSync(path);
  if (found.length > 0 && !found.includes(LOCK)) {
    throw new Obstacle(
      "data folder",
      `${path} holds other files (${found[0] ?? ""} …) and was not made by an earlier run`,
    );
  }
  chmodSync(path, 0o700); // it holds keys and users' data
  const lock = lockOf(path);
  if (fresh) for (const file of found) if (file !== LOCK) rmSync(join(path, file), { recursive: true, force: true });
  writeFileSync(join(path, OWNER), String(process.pid));
  return {
    path,
    release: () => {
      rmSync(join(path, OWNER), { force: true });
      if (lock.isOpen) lock.close();
    },
  };
}

/** Folder by folder: `recursive` of `mkdirSync` never ends below a folder that takes no others, such as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // else another run made it meanwhile
  }
}

/** SQLite's lock of a file, because a process id in a file may meanwhile be another program's. */
function lockOf(path: string): DatabaseSync {
  const lock = new DatabaseSync(join(path, LOCK), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (!errorMessage(error).includes("locked")) throw error;
    const cause = { cause: error };
    throw new Obstacle("other run", `${path} is in use by the run with process id ${ownerOf(path)}`, cause);
  }
}

function ownerOf(path: string): string {
  try {
    return readFileSync(join(path, OWNER), "utf8");
  } catch {
    return "unknown"; // it has only just begun, or is about to end
  }
}
