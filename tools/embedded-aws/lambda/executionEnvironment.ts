import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { FunctionConfig } from "./functionConfig";
import { LineReader } from "./lineReader";

/** The result of an invocation, with the figures of its report. */
export interface Outcome {
  /** The return value of the handler, or the error as Lambda answers it. */
  payload: unknown;
  failed: boolean;
  status: "success" | "error" | "timeout";
  durationMs: number;
  maxMemoryMb: number;
}

interface InvocationRequest {
  id: string;
  event: unknown;
  trace?: string;
}

interface RuntimeError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

type Message =
  | { type: "ready" }
  | { type: "initError"; error: RuntimeError }
  | { type: "result"; id: string; payload?: string; error?: RuntimeError; peakKb: number; last?: boolean };

const initLimitMs = 10_000;
/** The program of every environment. */
export const bootstrap = join(__dirname, "bootstrap.js");

/** As the start script of AWS's Node images (`/var/runtime/bootstrap`) sets them: a tenth is for new objects, in two halves. */
function heapBounds(memoryMb: number): string[] {
  const young = Math.floor(memoryMb / 10);
  return [`--max-semi-space-size=${Math.floor(young / 2)}`, `--max-old-space-size=${memoryMb - young}`];
}

/** One child process that runs a function, one invocation at a time. */
export class ExecutionEnvironment {
  busy = false;
  /** False once the process has ended, or must not be used again. */
  usable = true;
  initMs = 0;
  invocations = 0;
  readonly logStream: string;
  /** Milliseconds since 1970: no invocation begins later. */
  readonly usableUntil: number;
  /** Resolves when the process has ended and all that it printed was read. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly readers: LineReader[];
  private readonly initialised: Promise<RuntimeError | undefined>;
  private settleInitialised: (error: RuntimeError | undefined) => void = () => undefined;
  private settleResult: ((message: Extract<Message, { type: "result" }> | undefined) => void) | undefined;
  private exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  private maxMemoryMb = 0;

  constructor(
    readonly config: FunctionConfig,
    options: {
      nodePath: string;
      variables: Record<string, string>;
      usableUntil: number;
      /** Log stream of the process's output. */
      logStream: string;
      onLines: (lines: string[]) => void;
      onEnd: (environment: ExecutionEnvironment) => void;
    },
  ) {
    this.logStream = options.logStream;
    this.usableUntil = options.usableUntil;
    const startedAt = performance.now();
    this.initialised = new Promise((resolve) => {
      this.settleInitialised = (error) => {
        this.initMs = performance.now() - startedAt;
        resolve(error);
      };
    });
    this.child = spawn(options.nodePath, [...heapBounds(config.memoryMb), bootstrap], {
      cwd: config.codeFolder,
      env: options.variables,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.readers = [this.child.stdout, this.child.stderr].flatMap((stream) =>
      stream === null ? [] : [new LineReader(stream, options.onLines)],
    );
    this.child.on("message", (message: Message) => this.receive(message));
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.usable = false;
        this.exit = { code, signal };
        this.settleInitialised(exitError(this.exit));
        this.settleResult?.(undefined);
        options.onEnd(this);
        resolve();
      };
      this.child.on("close", end);
      this.child.on("error", () => end(null, null)); // The process could not be started.
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  kill(): void {
    this.usable = false;
    this.child.kill("SIGKILL");
  }

  /** Waits for the handler to be loaded. */
  async initialise(): Promise<RuntimeError | undefined> {
    const timer = setTimeout(() => {
      this.settleInitialised({
        errorType: "Sandbox.Timedout",
        errorMessage: `Error: Task timed out after ${seconds(initLimitMs)} seconds`,
      });
      this.kill();
    }, initLimitMs);
    const error = await this.initialised;
    clearTimeout(timer);
    if (error !== undefined) this.kill();
    return error;
  }

  /** Runs one invocation in an initialised environment, at most as long as the function may take. */
  async invoke({ id, event, trace }: InvocationRequest): Promise<Outcome> {
    const limitMs = this.config.timeoutSeconds * 1000;
    this.invocations += 1;
    const startedAt = performance.now();
    const deadline = { passed: false };
    const timer = setTimeout(() => {
      deadline.passed = true;
      this.maxMemoryMb = peakMemoryMb(this.pid);
      this.kill();
    }, limitMs);
    const result = await this.exchange({ id, event, trace, deadline: Date.now() + limitMs, arn: this.config.arn });
    clearTimeout(timer);
    const durationMs = performance.now() - startedAt;
    await Promise.all(this.readers.map((reader) => reader.marked()));
    if (result?.last === true) this.usable = false;
    if (result !== undefined) this.maxMemoryMb = Math.ceil(result.peakKb / 1024);
    const report = { durationMs, maxMemoryMb: this.maxMemoryMb };
    if (result?.payload !== undefined) {
      return { payload: JSON.parse(result.payload) as unknown, failed: false, status: "success", ...report };
    }
    if (result?.error !== undefined) return { payload: result.error, failed: true, status: "error", ...report };
    const error = deadline.passed ? timeoutError(limitMs) : exitError(this.exit);
    const payload = { ...error, errorMessage: `RequestId: ${id} ${error.errorMessage}` };
    return { payload, failed: true, status: deadline.passed ? "timeout" : "error", ...report };
  }

  private exchange(message: Record<string, unknown>): Promise<Extract<Message, { type: "result" }> | undefined> {
    return new Promise((resolve) => {
      if (!this.child.connected) {
        void this.ended.then(() => resolve(undefined));
        return;
      }
      this.settleResult = resolve;
      this.child.send(message, (error) => {
        if (error !== null) void this.ended.then(() => resolve(undefined)); // It died; its exit says how.
      });
    });
  }

  private receive(message: Message): void {
    if (message.type === "ready") this.settleInitialised(undefined);
    else if (message.type === "initError") this.settleInitialised(message.error);
    else this.settleResult?.(message);
  }
}

/** Peak memory of a dead process as the system reports it; 0 where it does not. */
function peakMemoryMb(pid: number | undefined): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, "utf8"));
    return Math.ceil(Number(peak?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

const timeoutError = (limitMs: number): RuntimeError => ({
  errorType: "Sandbox.Timedout",
  errorMessage: `Error: Task timed out after ${seconds(limitMs)} seconds`,
});

function exitError(exit: { code: number | null; signal: NodeJS.Signals | null } | undefined): RuntimeError {
  const how =
    exit?.code === 0
      ? "without providing a reason"
      : exit?.signal === "SIGKILL"
        ? "with error: signal: killed"
        : exit?.signal
          ? `with error: signal: ${exit.signal}`
          : `with error: exit status ${exit?.code ?? "unknown"}`;
  return { errorType: "Runtime.ExitError", errorMessage: `Error: Runtime exited ${how}` };
}
