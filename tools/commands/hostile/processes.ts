import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Order, Report } from "./child";

/** A child's report of a file, or the end that the child met. */
export type Outcome = Omit<Report, "outcome"> & { outcome: Report["outcome"] | "crash" | "hang" };

/** A file that keeps a child busy for longer is a hang, in seconds: more than the decoder's own limits. */
const HANG_SECONDS = 120;

/** A process that runs files, one at a time; a new one takes its place where it ends. */
export class FileProcess {
  private child: ChildProcess | undefined;

  /** @param decoder path of the decoder's program */
  constructor(private readonly decoder: string) {}

  async run(order: Order): Promise<Outcome> {
    const child = (this.child ??= start(this.decoder));
    return new Promise((resolve) => {
      let hangs = false;
      const timer = setTimeout(() => {
        hangs = true;
        child.kill("SIGKILL");
      }, HANG_SECONDS * 1000);
      const done = (outcome: Outcome) => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(outcome);
      };
      child.once("message", (report: Report) => done(report));
      child.once("exit", (code, signal) => {
        this.child = undefined;
        const reason = `the process ended: ${signal ?? `exit code ${code}`}`;
        done({ outcome: hangs ? "hang" : "crash", reason, intakeMs: 0, cpuMs: 0, peakMiB: 0 });
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

function start(decoder: string): ChildProcess {
  return fork(join(__dirname, "child.ts"), [decoder], {
    execArgv: ["--require", require.resolve("tsx/cjs")],
    env: { ...process.env, NODE_PATH: join(__dirname, "../../../node_modules") }, // the decoder's packages
    serialization: "advanced", // paths may be bytes
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}
