import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { chooseNode } from "../../cli/node";
import { root, snail } from "./support";

describe("the Node that snail runs on", () => {
  const installed = "/snail/node_modules/node/bin/node";
  const tooOld = (version: string) => ({
    use: "none",
    problem:
      `Node ${version} is too old: 22.13 is the oldest that works. ` +
      "Run npm ci with install scripts allowed, which brings Node 24, or install a newer Node",
  });
  const cases: [what: string, version: string, installed: string | undefined, choice: object][] = [
    ["its own, where that is Lambda's", "24.1.0", installed, { use: "own" }],
    ["the one that npm installed", "20.20.2", installed, { use: "other", path: installed }],
    ["that one rather than a newer one", "25.0.0", installed, { use: "other", path: installed }],
    ["its own, from 22.13", "22.13.0", undefined, { use: "own" }],
    ["none before 22.13", "22.12.0", undefined, tooOld("22.12.0")],
    ["none before 22", "20.20.2", undefined, tooOld("20.20.2")],
  ];
  for (const [what, version, there, choice] of cases)
    it(`is ${what}`, () => {
      expect(chooseNode(version, there)).to.deep.equal(choice);
    });

  it("is found by npx in the clone", async function () {
    this.timeout(60_000);
    const shell = process.platform === "win32"; // npx is a .cmd file there
    const { stdout } = await promisify(execFile)("npx", ["snail", "--help"], { cwd: root, shell });
    expect(stdout).to.equal((await snail(["--help"])).out);
  });
});
