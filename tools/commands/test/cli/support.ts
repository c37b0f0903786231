import { execFile } from "node:child_process";
import { join } from "node:path";

export const root = join(__dirname, "../../../..");

export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs `snail` as the commands of npm do. An environment that is given is added to this process's. */
export function snail(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env } };
    execFile(process.execPath, ["tools/commands/snail.js", ...args], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}
