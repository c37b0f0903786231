import { type ChildProcess, spawn } from "node:child_process";

/**
 * Reads `+ <pid>` and `- <pid>`. When its input ends, the process that wrote it is gone: after a second, in which
 * environments end by themselves, it kills those that are left, if they still are what was started ($0).
 */
const script = `
trap '' INT TERM HUP
pids=' '
while read -r sign pid; do
  case "$sign" in
    +) pids="$pids$pid " ;;
    -) case "$pids" in *" $pid "*) pids="\${pids%%" $pid "*} \${pids#*" $pid "}" ;; esac ;;
  esac
done
case "$pids" in *[0-9]*) sleep 1 ;; esac
for pid in $pids; do
  started=$(tr '\\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null || ps -o args= -p "$pid" 2>/dev/null)
  case "$started" in *"$0"*) kill -9 "$pid" ;; esac
done
`;

/**
 * Kills execution environments that outlive this process. One that waits sees its parent vanish and ends by itself, but
 * one whose function computes without a pause sees nothing: a shell beside this process takes care of those.
 */
export class Reaper {
  private shell: ChildProcess | undefined;

  /** @param command text that the command line of every environment contains */
  constructor(private readonly command: string) {}

  watch(pid: number | undefined): void {
    if (pid === undefined || process.platform === "win32") return;
    this.shell ??= this.start();
    this.shell.stdin?.write(`+ ${pid}\n`);
  }

  forget(pid: number | undefined): void {
    if (pid !== undefined) this.shell?.stdin?.write(`- ${pid}\n`);
  }

  close(): void {
    this.shell?.stdin?.end();
    this.shell = undefined;
  }

  private start(): ChildProcess {
    const shell = spawn("/bin/sh", ["-c", script, this.command], { stdio: ["pipe", "ignore", "ignore"], env: {} });
    shell.on("error", () => undefined); // Without a shell, environments end by themselves as far as they can.
    shell.stdin.on("error", () => undefined);
    shell.unref();
    (shell.stdin as unknown as { unref(): void }).unref();
    return shell;
  }
}
