import { expect } from "chai";
import { tableOf } from "../../bench/report";
import { snail } from "../cli/support";

interface Report {
  bench: string;
  measuredAt: string;
  machine: object;
  rows: Record<string, string | number>[];
}

describe("snail bench --json", () => {
  for (const [bench, flag, ...columns] of [
    ["calls", "--photos", "AWS calls of one 12 MP photo", "calls", "CPU, ms"],
    ["cold", "--runs", "function", "CPU over bare Node, ms", "bundle, KiB zipped"],
  ] as const)
    it(`has the one shape: ${bench}`, async () => {
      const { code, out, err } = await snail(["bench", bench, flag, "1", "--json"]);
      expect({ code, err }).to.deep.equal({ code: 0, err: "" });
      const report = JSON.parse(out) as Report;
      expect(Object.keys(report)).to.deep.equal(["bench", "measuredAt", "machine", "rows"]);
      expect(Object.keys(report.machine)).to.deep.equal(["cpu", "processors", "node"]);
      expect(report.bench).to.equal(bench);
      expect(new Date(report.measuredAt).toISOString()).to.equal(report.measuredAt);
      expect(report.rows).to.not.be.empty;
      for (const row of report.rows) expect(Object.keys(row)).to.deep.equal(columns);
    });
});

describe("the table of a benchmark", () => {
  it("has its rows under the names of their values", () => {
    const rows = [
      { input: "a photo", "CPU, ms": 12.5 },
      { input: "another", "CPU, ms": "" },
    ];
    expect(tableOf(rows)).to.equal("| input | CPU, ms |\n|---|---|\n| a photo | 12.5 |\n| another |  |");
  });
});
