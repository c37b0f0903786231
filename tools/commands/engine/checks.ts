/** Named checks, counted as they run. */
export class Checks {
  private passed = 0;
  private failed = 0;

  /** Runs one check; what it throws is its failure. Returns whether it passed. */
  async check(name: string, run: () => Promise<void> | void): Promise<boolean> {
    const startedAt = Date.now();
    const seconds = () => ((Date.now() - startedAt) / 1000).toFixed(1);
    try {
      await run();
      this.passed++;
      console.log(`ok      ${name} (${seconds()} s)`);
      return true;
    } catch (error) {
      this.failed++;
      console.log(`FAILED  ${name} (${seconds()} s)\n${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** Prints the line that counts, and returns the exit code. */
  finish(): number {
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 ? 0 : 1;
  }
}

/** Throws both values unless they are equal, as JSON. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value, undefined, 1));
  if (a !== b) throw new Error(`${what}:\n--- expected\n${String(b)}\n--- found\n${String(a)}`);
}
