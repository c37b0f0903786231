/** Where lines go; on a terminal the last line is the progress so far, and is written over. */
export interface Output {
  line(text: string): void;
  /** Shows how far it is; elsewhere than on a terminal only now and then. */
  progress(text: string): void;
}

/** Milliseconds between two progress lines in a log. */
const LOG_INTERVAL = 10_000;

export function createOutput(stream: NodeJS.WriteStream, now: () => number): Output {
  let last = now();
  let shown = false;
  return {
    line(text) {
      stream.write(`${shown ? "\r\x1b[K" : ""}${text}\n`);
      shown = false;
    },
    progress(text) {
      if (stream.isTTY) {
        stream.write(`\r\x1b[K${text}`);
        shown = true;
      } else if (now() - last >= LOG_INTERVAL) {
        last = now();
        stream.write(`${text}\n`);
      }
    },
  };
}

/** `[#####     ] 50 %  5000 of 10000 schedules, 0 violations, 2100 schedules/s` */
export function progressText(done: number, of: number, violations: number, seconds: number): string {
  const bar = "#".repeat(Math.round((20 * done) / of)).padEnd(20);
  const rate = seconds > 0 ? Math.round(done / seconds) : 0;
  const found = `${violations} violation${violations === 1 ? "" : "s"}`;
  return `[${bar}] ${Math.floor((100 * done) / of)} %  ${done} of ${of} schedules, ${found}, ${rate} schedules/s`;
}

/** A table in Markdown, whose columns are as wide as their widest cell. The first row is its head. */
export function table([head = [], ...rows]: string[][]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)];
}
