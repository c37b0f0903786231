import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Order, Report } from "./child";

/** A child's report of a file, or the end that the child met. */
export type Outcome = Omit<Report, "outcome"> & { outcome: Report["outcome"] | "crash" | "hang" };

/** A file that keeps a child busy for longer is a hang, in seconds of wall time. */
const HANG_SECONDS = 120;
/** No file may take more, in MiB: the machine is not to suffer. */
const KILL_MIB = 3_000;

/** A process that runs files, one at a time; a new one takes its place where it ends. */
export class FileProcess {
  private child: ChildProcess | undefined;

  async run(order: Order): Promise<Outcome> {
    const child = (this.child ??= start());
    return new Promise((resolve) => {
      let killed = "";
      const startedAt = Date.now();
      const watch = setInterval(() => {
        const mib = residentMiB(child.pid);
        if (mib > KILL_MIB) killed = `took more than ${KILL_MIB} MiB`;
        else if (Date.now() - startedAt > HANG_SECONDS * 1000) killed = `ran for ${HANG_SECONDS} seconds`;
        if (killed) child.kill("SIGKILL");
      }, 100);
      const done = (outcome: Outcome) => {
        clearInterval(watch);
        child.removeAllListeners();
        resolve(outcome);
      };
      child.once("message", (report: Report) => done(report));
      child.once("exit", (code, signal) => {
        this.child = undefined;
        const reason = killed || `the process ended: ${signal ?? `exit code ${code}`}`;
        done({ outcome: killed ? "hang" : "crash", decoded: true, reason, cpuMs: Date.now() - startedAt, peakMiB: 0 });
      });
      child.send(order);
    });
  }

  stop(): void {
    this.child?.removeAllListeners();
    this.child?.disconnect();
    this.child = undefined;
  }
}

function start(): ChildProcess {
  return fork(join(__dirname, "child.ts"), [], {
    execArgv: ["--require", require.resolve("tsx/cjs")],
    // As the function has it (components/imageFunction.ts).
    env: { ...process.env, MALLOC_ARENA_MAX: "1", VIPS_BLOCK_UNTRUSTED: "1", VIPS_CONCURRENCY: "1" },
    serialization: "advanced", // paths may be bytes
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function residentMiB(pid = 0): number {
  try {
    return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it ended just now, or this is not Linux
  }
}
