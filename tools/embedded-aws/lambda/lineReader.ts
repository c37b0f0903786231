import type { Readable } from "node:stream";

/**
 * Reads a child's stream line by line. A NUL character marks the end of what one invocation printed: `marked` resolves
 * when the next one was read, or when the stream has ended.
 */
export class LineReader {
  private rest = "";
  private marks = 0;
  private ended = false;
  private waiting: (() => void)[] = [];

  constructor(
    stream: Readable,
    private readonly onLines: (lines: string[]) => void,
  ) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => this.read(text));
    stream.on("close", () => {
      if (this.rest !== "") this.onLines([this.rest]);
      this.rest = "";
      this.ended = true;
      this.settle();
    });
  }

  /** Resolves once one more mark was read than at the last call. */
  async marked(): Promise<void> {
    if (this.marks === 0 && !this.ended) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.marks = Math.max(0, this.marks - 1);
  }

  private read(text: string): void {
    const parts = (this.rest + text).split("\n");
    this.rest = parts.pop() ?? "";
    const lines: string[] = [];
    let marks = 0;
    for (const part of parts) {
      const marked = part.endsWith("\0");
      const line = marked ? part.slice(0, -1) : part;
      if (marked) marks += 1;
      if (!marked || line !== "") lines.push(line);
    }
    if (lines.length > 0) this.onLines(lines);
    if (marks === 0) return;
    this.marks += marks;
    this.settle();
  }

  private settle(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
