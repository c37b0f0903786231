// @ts-check
// Compares the size of each part of the repository with its budget in .ci/size.budget.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";

const CODE = /\.([cm]?[jt]s|py|css|c|html)$/;
const files = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" }).split("\0");
const present = files.filter((file) => file !== "" && statSync(file, { throwIfNoEntry: false })?.isFile());

/** @param {string} file */
const linesOf = (file) => readFileSync(file, "utf8").split("\n").length - 1;
/** @param {string} file */
const wordsOf = (file) => readFileSync(file, "utf8").split(/\s+/).filter(Boolean).length;
/** @type {(list: string[], count: (file: string) => number) => number} */
const total = (list, count) => list.reduce((sum, file) => sum + count(file), 0);

/** @type {(unit: string, part: string) => number} */
function sizeOf(unit, part) {
  const inPart = present.filter((file) => file === part || file.startsWith(`${part}/`));
  if (unit === "words") {
    return total(
      inPart.filter((file) => file.endsWith(".md")),
      wordsOf,
    );
  }
  return total(
    inPart.filter((file) => CODE.test(file)),
    linesOf,
  );
}

const budgets = readFileSync(".ci/size.budget", "utf8")
  .split("\n")
  .map((line) => line.replace(/#.*/, "").trim())
  .filter(Boolean)
  .map((line) => line.split(/\s+/));

const named = new Set(budgets.map(([, part]) => part));
const folders = new Set(present.filter((file) => file.includes("/") && CODE.test(file)).map((f) => f.split("/")[0]));
let broken = 0;
for (const folder of folders) {
  if (named.has(folder)) continue;
  console.error(`${folder}: no budget in .ci/size.budget`);
  broken++;
}
for (const [unit = "", part = "", budget = ""] of budgets) {
  const size = sizeOf(unit, part);
  if (size <= Number(budget)) continue;
  console.error(`${part}: ${size} ${unit}, budget ${budget}. Make it smaller, or raise the budget with a reason.`);
  broken++;
}
process.exitCode = broken === 0 ? 0 : 1;
