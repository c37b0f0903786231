import { expect } from "chai";
import { readOptions } from "../command/options";
import { createOutput, progressText, table } from "../command/progress";
import { scenarios } from "../search/scenarios";
import { search } from "../search/search";
import { handlers } from "../world/deployedHandlers";

const flags = { seeds: 50, from: 7, mutants: false, list: false };

describe("the options of the fault search", () => {
  it("are all scenarios unless one is named", () => {
    expect(readOptions(flags)).to.deep.equal({ ...flags, scenarios, handlers });
    const outage = scenarios.filter(({ name }) => name === "outage");
    expect(readOptions({ ...flags, scenario: "outage", replay: 9 })).to.deep.equal({
      ...flags,
      replay: 9,
      scenarios: outage,
      handlers,
    });
  });

  it("are handlers with a mistake where a mutant is named", async () => {
    const options = readOptions({ ...flags, mutant: "waiting-uploads-kept", scenario: "calm" });
    expect((await search(options)).findings).to.not.deep.equal([]);
    expect(() => readOptions({ ...flags, mutant: "lost" })).to.throw('no mutant "lost"; npm run faults -- --mutants');
  });

  it("name the scenarios when asked for another", () => {
    expect(() => readOptions({ ...flags, scenario: "storm" })).to.throw('no scenario "storm"; there are: mixed, calm');
  });
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

  it("makes tables in Markdown, with columns as wide as their widest cell", () => {
    const rows = [
      ["a", "b"],
      ["long", ""],
      ["", "x"],
    ];
    expect(table(rows)).to.deep.equal(["| a    | b |", "| ---- | - |", "| long |   |", "|      | x |"]);
  });
});
