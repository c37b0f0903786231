import { join } from "node:path";

import { expect } from "chai";

import { readStartFlags } from "../support/startFlags";

describe("the command line of npm start", () => {
  it("has defaults", () => {
    expect(readStartFlags([])).to.deep.equal({
      stack: "dev",
      port: 4000,
      fresh: false,
      verbose: false,
      faults: undefined,
      data: join(process.cwd(), ".local/dev"),
    });
  });

  it("is read", () => {
    const args = "--stack prod --port 0 --fresh --verbose --data there --faults kill=5,error=1";
    expect(readStartFlags(args.split(" "))).to.deep.equal({
      stack: "prod",
      port: 0,
      fresh: true,
      verbose: true,
      data: join(process.cwd(), "there"),
      faults: { throttle: 0, error: 1, duplicate: 0, kill: 5 },
    });
    expect(readStartFlags(["--stack", "prod"])?.data).to.equal(join(process.cwd(), ".local/prod"));
    expect(readStartFlags(["--help"])).to.equal(undefined);
  });

  for (const [what, args, message] of [
    ["an unknown flag", ["--bogus"], /^[^\n]*'--bogus'[^\n]*--help[^\n]*$/],
    ["an argument without a flag", ["dev"], /^[^\n]*'dev'[^\n]*--help[^\n]*$/],
    ["a flag without its value", ["--port", "--fresh"], /^[^\n]*'--port[^\n]*--help[^\n]*$/],
    ["a flag at the end without its value", ["--data"], /^[^\n]*'--data[^\n]*--help[^\n]*$/],
    ["a value for a flag that takes none", ["--fresh=no"], /^[^\n]*'--fresh'[^\n]*--help[^\n]*$/],
    ["an empty data folder", ["--data="], /^--data must name a folder, got ""$/],
    ["a port that is no number", ["--port", "http"], /^--port must be a whole number from 0 to 65535, got "http"$/],
    ["a port that is too high", ["--port", "65536"], /0 to 65535, got "65536"$/],
    ["a port below 0", ["--port=-1"], /0 to 65535, got "-1"$/],
    ["unknown faults", ["--faults", "flood=3"], /faults must be like throttle=2.*got "flood=3"$/],
  ] as const) {
    it(`with ${what} is refused in one line`, () => {
      expect(() => readStartFlags([...args])).to.throw(Error, message);
    });
  }
});
