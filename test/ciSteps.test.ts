import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { expect } from "chai";

/** Runs lines of bash as `.ci/run` runs its steps. Seconds are written as `S`. */
function run(...lines: string[]): { code: number | null; output: string[] } {
  const script = ["set -uo pipefail", "source .ci/steps", ...lines, "summary"].join("\n");
  const { status, stdout } = spawnSync("bash", ["-c", script], { cwd: join(__dirname, ".."), encoding: "utf8" });
  return {
    code: status,
    output: stdout
      .replaceAll(/\b\d+ s\b/g, "S s")
      .trim()
      .split("\n"),
  };
}

describe("the steps of .ci/run", () => {
  it("show their output, how long they took, and how much CPU time", () => {
    const { output } = run(`step "a step" echo "its output"`);
    expect(output.slice(0, -1)).to.deep.equal([
      "=== a step",
      "its output",
      "--- a step: S s, CPU S s and S s in the system",
      "",
    ]);
  });

  it("count what they tell that passed, or as one", () => {
    const { code, output } = run(
      `step mocha echo "  42 passing (1m)"`,
      `step own printf '7 passed, 0 failed\\n'`,
      `step other true`,
    );
    expect([code, output.at(-1)]).to.deep.equal([0, "50 passed, 0 failed"]);
  });

  it("count what they tell that failed, or as one, and the run fails", () => {
    const { code, output } = run(
      `step mocha bash -c "echo '  42 passing (1m)'; echo '  3 failing'; exit 3"`,
      `step own bash -c "echo 7 passed, 2 failed; exit 1"`,
      `step other false`,
      `step "says that all passed" bash -c "echo 9 passed, 0 failed; exit 1"`,
    );
    expect([code, output.at(-1)]).to.deep.equal([1, "58 passed, 7 failed"]);
  });

  it("show the output of each whole where two run at the same time", () => {
    const { code, output } = run(
      // Each waits until the other has begun: they run at the same time.
      `rendezvous() { touch "$work/$1.began"; for each in {1..1000}; do [ -e "$work/$2.began" ] && break; sleep 0.01; done; \\
        [ -e "$work/$2.began" ] && echo "$1: 1 passed, 0 failed"; }`,
      `beside one rendezvous one two`,
      `beside two rendezvous two one`,
      `beside three bash -c "echo '3 passed, 4 failed'; exit 1"`,
      `beside four bash -c 'kill -KILL $$'`,
      `rest`,
    );
    const steps = output.join("\n").split("\n\n");
    expect(steps.map((step) => step.split("\n")[0])).to.have.members([
      ...["=== one", "=== two", "=== three", "=== four"],
      "5 passed, 5 failed",
    ]);
    expect(steps).to.include("=== one\none: 1 passed, 0 failed\n--- one: S s, CPU S s and S s in the system");
    expect(steps).to.include("=== two\ntwo: 1 passed, 0 failed\n--- two: S s, CPU S s and S s in the system");
    expect(code).to.equal(1);
  });
});
