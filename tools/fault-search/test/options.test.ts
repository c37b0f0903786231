import { expect } from "chai";
import { readOptions } from "../command/options";
import { createOutput, progressText, table } from "../command/progress";
import { scenarios } from "../search/scenarios";

describe("the command line of the fault search", () => {
  it("tries all scenarios unless told otherwise", () => {
    const options = readOptions([]);
    expect(options).to.deep.equal({
      seeds: 10_000,
      from: 0,
      scenarios,
      replay: undefined,
      mutants: false,
      list: false,
      help: false,
    });
  });

  it("takes seeds, a first seed, a scenario and a seed to replay", () => {
    const argv = ["--seeds", "50", "--from", "7", "--scenario", "outage", "--replay", "9"];
    const { seeds, from, scenarios: chosen, replay } = readOptions(argv);
    expect([seeds, from, chosen.map(({ name }) => name), replay]).to.deep.equal([50, 7, ["outage"], 9]);
  });

  for (const { argv, message } of [
    { argv: ["--seeds", "many"], message: '--seeds is "many"; it must be a whole number of at least 1' },
    { argv: ["--seeds", "0"], message: '--seeds is "0"; it must be a whole number of at least 1' },
    { argv: ["--from", "1.5"], message: '--from is "1.5"; it must be a whole number of at least 0' },
    { argv: ["--scenario", "storm"], message: 'no scenario "storm"; there are: mixed, calm' },
    { argv: ["--replay", "3"], message: "--replay 3 needs --scenario NAME" },
    { argv: ["--sedes", "3"], message: "Unknown option '--sedes'" },
    { argv: ["3"], message: "Unexpected argument '3'" },
  ]) {
    it(`refuses ${argv.join(" ")}`, () => {
      expect(() => readOptions(argv)).to.throw(message);
    });
  }
});

describe("progress", () => {
  it("tells how far the search is, what it found and how fast it is", () => {
    expect(progressText(50, 200, 1, 2)).to.equal(
      "[#####               ] 25 %  50 of 200 schedules, 1 violation, 25 schedules/s",
    );
  });

  it("is written over on a terminal, and is a line now and then elsewhere", () => {
    const written: string[] = [];
    const stream = (isTTY: boolean) =>
      ({ isTTY, write: (text: string) => written.push(text) }) as unknown as NodeJS.WriteStream;
    let now = 0;
    const terminal = createOutput(stream(true), () => now);
    terminal.progress("half");
    terminal.line("done");
    expect(written.splice(0)).to.deep.equal(["\r\x1b[Khalf", "\r\x1b[Kdone\n"]);
    const log = createOutput(stream(false), () => now);
    log.progress("too soon");
    now = 10_000;
    log.progress("half");
    log.line("done");
    expect(written).to.deep.equal(["half\n", "done\n"]);
  });

  it("makes columns as wide as their widest cell", () => {
    expect(
      table([
        ["a", "b"],
        ["long", ""],
        ["", "x"],
      ]),
    ).to.deep.equal(["a     b", "long", "      x"]);
  });
});
