// @ts-check
const { runs } = require("../cli/run");
const { stackOption, wholeNumber } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) => {
  const capacity = snail
    .command("capacity")
    .enablePositionalOptions() // flags behind a sub-command are its own
    .summary("the load that a stack carries")
    .description(
      "Simulates a stack under load: its queues, mappings and functions within AWS's limits, with measured service times. " +
        "docs/scale.md explains it.",
    )
    .addOption(stackOption())
    .option("--rate <number>", "uploads a second", wholeNumber(1), 10)
    .option("--burst <number>", "uploads that come at once, before all others", wholeNumber(0), 0)
    .option("--seconds <number>", "how long uploads come", wholeNumber(1), 300)
    .option("--megapixels <number>", "pixels of an original, millions", wholeNumber(1, 100))
    .option("--concurrency-limit <number>", "the account's concurrent executions of Lambda", wholeNumber(10), 1000)
    .option("--enough", "give each mapping the concurrency that the rate needs, in place of the stack's", false)
    .option("--json", "print JSON", false)
    .action(runs("tools/commands/capacity/capacity"));
  capacity
    .command("docs")
    .description("Writes the tables of docs/scale.md.")
    .action(runs("tools/commands/capacity/writeDocs"));
  capacity
    .command("validate")
    .description(
      "Uploads photos to the service here at a rate that it carries, and compares with the simulation (Linux).",
    )
    .option("--rate <number>", "uploads a second", wholeNumber(1), 2)
    .option("--seconds <number>", "how long uploads come", wholeNumber(1), 30)
    .action(runs("tools/commands/capacity/validate"));
};
