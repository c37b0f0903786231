// @ts-check
const { runs } = require("../cli/run");
const { name } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("preview-pr")
    .summary("show the effect of a change, in Markdown")
    .description(
      "Compares this tree with a commit: what would change, which data is at risk, which permissions differ.",
    )
    .requiredOption("--base <ref>", "branch, tag or commit to compare with", name)
    .option("--stack <name>", "only this stack; may be repeated", (stack, others) => [...(others ?? []), name(stack)])
    .option("--out <file>", "write to a file", name)
    .action(runs("tools/commands/pull-request/previewPr"));
