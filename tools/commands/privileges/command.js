// @ts-check
const { runs } = require("../cli/run");
const { configOption, stackOption } = require("../cli/values");

const about = `
Runs the service of its own, beside any other, and makes it use each right. Tells the calls that were denied, the grants that
no call used, and the smallest policies that would have done. Ends with 1 where a call was denied or a grant is unused
and has no reason in the code.`;

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("privileges")
    .summary("show that every grant is needed, and that none is missing")
    .description("Compares what a stack's policies grant with what its calls need.")
    .addOption(stackOption())
    .addOption(configOption())
    .option("--json", "print the report as JSON", false)
    .addHelpText("after", about)
    .action(runs("tools/commands/privileges/privileges"));
