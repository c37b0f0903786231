import { execFile } from "node:child_process";
import { expect } from "chai";
import { type Ended, root, snail } from "./support";

/** `npm …`, without npm's own warnings. */
function npm(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const shell = process.platform === "win32"; // npm is a .cmd file there
    execFile("npm", ["--loglevel=error", ...args], { cwd: root, shell }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

describe("flags that npm takes for itself", () => {
  const cases: [call: string, problem: string][] = [
    ["start --port 4141", "snail start: npm took --port 4141 for itself; write: npm start -- --port 4141"],
    [
      "start --stack=prod --fresh",
      "snail start: npm took --stack prod --fresh for itself; write: npm start -- --stack prod --fresh",
    ],
    ["run up --stack prod", "snail up: npm took --stack prod for itself; write: npm run up -- --stack prod"],
  ];
  for (const [call, problem] of cases)
    it(`are named with what to write instead: npm ${call}`, async function () {
      this.timeout(60_000);
      const { code, err } = await npm(...call.split(" "));
      expect({ code, err: err.trim() }).to.deep.equal({ code: 2, err: problem });
    });

  it("do not stand in the way of flags that arrive", async () => {
    const { code, out } = await snail(["start", "--port", "1", "--help"], { npm_config_port: "true" });
    expect(code).to.equal(0);
    expect(out).to.match(/^Usage: snail start /);
  });

  it("include --verbose, which npm may be meant by", async () => {
    const { err } = await snail(["start", "--help"], { npm_config_loglevel: "verbose", npm_lifecycle_event: "start" });
    expect(err).to.equal(
      "npm took --verbose for itself; for the lines of the functions write: npm start -- --verbose\n",
    );
  });
});
