// @ts-check
const { cpus } = require("node:os");
const { Option } = require("commander");
const { runs } = require("../cli/run");

/** @typedef {Record<string, string | number>} Row what was measured, by the heads of its columns */

const jsonOption = () =>
  new Option("--json", "print JSON: the benchmark, its time, the machine, and the rows").default(false);

/**
 * An action of commander for a benchmark: a TypeScript module whose `measure` takes the flags and resolves with rows, all
 * of the same columns.
 * @param {string} bench its name
 * @param {string} file module, from the project's root
 * @param {() => void} [compile] how TypeScript is loaded
 */
function measures(bench, file, compile) {
  return runs(file, compile, async ({ measure }, flags) => {
    const rows = await measure(flags);
    console.log(flags.json ? JSON.stringify(recordOf(bench, rows), undefined, 1) : tableOf(rows));
  });
}

/** The value that `--json` prints. @param {string} bench @param {Row[]} rows */
function recordOf(bench, rows) {
  const [first] = cpus();
  const machine = { cpu: first?.model ?? "", processors: cpus().length, node: process.version };
  return { bench, measuredAt: new Date().toISOString(), machine, rows };
}

/** A table of Markdown. @param {Row[]} rows */
function tableOf(rows) {
  const columns = Object.keys(rows[0] ?? {});
  /** @param {(string | number)[]} cells */
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => line(columns.map((column) => row[column] ?? "")));
  return [line(columns), `|${"---|".repeat(columns.length)}`, ...body].join("\n");
}

module.exports = { jsonOption, measures, tableOf };
