// @ts-check
const { runs } = require("../cli/run");
const { name, wholeNumber } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("faults")
    .summary("search the protocol for faults")
    .description("Runs the handlers under thousands of adversarial schedules, and explains each violation.")
    .option("--seeds <number>", "schedules to try, spread over the scenarios", wholeNumber(1), 10_000)
    .option("--from <seed>", "the first seed of each scenario", wholeNumber(0), 0)
    .option("--scenario <name>", "only this scenario", name)
    .option(
      "--replay <seed>",
      "one seed of a scenario: its trace, or the shortest schedule that fails alike",
      wholeNumber(0),
    )
    .option("--mutant <name>", "handlers with this deliberate mistake", name)
    .option("--mutants", "try the deliberate mistakes, and print which schedules found them", false)
    .option("--list", "list the scenarios", false)
    .action((flags, command) => {
      if (flags.replay !== undefined && flags.scenario === undefined)
        command.error("error: --replay needs --scenario, since each scenario has seeds of its own");
      return runs("tools/commands/faults/faults")(flags, command);
    });
