import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { errorMessage } from "./errorMessage";

/** A data folder that this process alone uses until it lets go of it. */
export interface DataFolder {
  path: string;
  release(): void;
}

/** Held by a run as long as it lives. The operating system lets go of it however the process ends. */
const LOCK = "lock.sqlite";
/** The process id of the run that has, or had, the lock. */
const OWNER = "process-id";

/**
 * Takes possession of a data folder, which is made if it is missing. A folder that a killed run left behind is free.
 * @param fresh forget what an earlier run stored there
 * @throws Error when another run uses the folder, and when it holds anything but what an earlier run made: that must be
 * neither mixed with, nor forgotten
 */
export function takeDataFolder(path: string, { fresh = false }: { fresh?: boolean } = {}): DataFolder {
  const found = filesIn(path);
  if (found.length > 0 && !found.includes(LOCK)) {
    throw new Error(
      `${path} holds other files (${found[0] ?? ""} …) and was not made by an earlier run: choose another folder with --data`,
    );
  }
  chmodSync(path, 0o700); // it holds keys, and images of others
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

/** What is in the folder, which is made if it is missing. */
function filesIn(path: string): string[] {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return readdirSync(path);
  } catch (error) {
    throw new Error(`${path} cannot be used as data folder: ${errorMessage(error)}`, { cause: error });
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
    if (!errorMessage(error).includes("locked")) {
      throw new Error(`${path} cannot be used as data folder: ${errorMessage(error)}`, { cause: error });
    }
    throw new Error(
      `${path} is in use by the run with process id ${ownerOf(path)}: stop it, or choose another folder with --data`,
      { cause: error },
    );
  }
}

function ownerOf(path: string): string {
  try {
    return readFileSync(join(path, OWNER), "utf8");
  } catch {
    return "unknown"; // it has only just begun, or is about to end
  }
}
