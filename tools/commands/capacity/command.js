// @ts-check
const { runs } = require("../cli/run");
const { stackOption, wholeNumber } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) => {
  snail
    .command("capacity")
    .summary("list the limits of a stack, in uploads a second")
    .description(
      "Lists the limits of a stack and of AWS in uploads a second, lowest first. docs/scale.md explains them.",
    )
    .addOption(stackOption())
    .option("--megapixels <number>", "pixels of an original, millions", wholeNumber(1, 100))
    .option("--concurrency-limit <number>", "the account's concurrent executions of Lambda", wholeNumber(10), 1000)
    .option("--json", "print JSON", false)
    .action(runs("tools/commands/capacity/capacity"));
};
