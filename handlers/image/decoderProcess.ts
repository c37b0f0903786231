import { fork } from "node:child_process";
import { on } from "node:events";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Answer, DecoderPorts, DecoderProcess, Usage } from "./watch";

/** How often a working process is looked at, in milliseconds. */
const PAUSE_MS = 20;

/** The ports of `watchedDecoder` on this machine. `program` is the path of worker.ts as one file of JavaScript. */
export function decoderPorts(program: string): DecoderPorts {
  return {
    start: () => startProcess(program),
    pause: () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS)),
    now: () => performance.now(),
  };
}

/**
 * Starts the decoder with nothing that it does not need: no credentials, tokens or endpoints, one folder of its own to
 * write to, and no further processes. Node's permissions bind its JavaScript, not native code (docs/architecture.md).
 */
function startProcess(program: string): DecoderProcess {
  const folder = mkdtempSync(join(tmpdir(), "snail-decoder-"));
  const { NODE_PATH = "" } = process.env;
  const paths = [folder, dirname(program), ...NODE_PATH.split(delimiter)].filter(existsSync);
  const readable = new Set([...paths, ...paths.map((path) => realpathSync(path))]); // a layer may be a link
  const child = fork(program, [], {
    cwd: folder,
    env: { NODE_PATH, TMPDIR: folder, MALLOC_ARENA_MAX: "1", VIPS_BLOCK_UNTRUSTED: "1" },
    execArgv: [
      "--permission",
      "--allow-addons",
      "--disable-warning=SecurityWarning",
      `--allow-fs-write=${realpathSync(folder)}`,
      ...[...readable].map((path) => `--allow-fs-read=${path}`),
    ],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const answers = on(child, "message", { close: ["exit"] });
  let ended = false;
  const end = () => {
    ended = true;
    rmSync(folder, { recursive: true, force: true });
  };
  child.on("exit", end);
  child.on("error", end); // it could not be started, or a message could not be sent
  const holds = (whether: boolean) => {
    const how = whether ? "ref" : "unref";
    child[how]();
    child.channel?.[how]();
  };
  return {
    send(order, original) {
      if (ended) return;
      // By a file, which the decoder can open as well: over the channel the bytes would be copied several times.
      writeFileSync(join(folder, "original"), original);
      child.send(order);
    },
    async next() {
      holds(true); // an idle decoder keeps no process alive
      const next = (await answers.next().catch(() => undefined)) as IteratorResult<[Answer], undefined> | undefined;
      holds(false);
      return next?.value?.[0];
    },
    usage: () => usageOf(child.pid),
    kill: () => void child.kill("SIGKILL"),
  };
}

/** Milliseconds of a tick of Linux's process times: 100 to the second on every architecture that Lambda has. */
const TICK_MS = 10;

/** Linux alone has these files: proc_pid_stat(5), proc_pid_status(5). */
function usageOf(pid: number | undefined): Usage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in brackets may hold anything; user and system time are the 12th and 13th field behind it.
    const [user, system] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13);
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    const kib = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0);
    return { cpuMs: (Number(user) + Number(system)) * TICK_MS, memoryMiB: kib / 1024 };
  } catch {
    return undefined;
  }
}
