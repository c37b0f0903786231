// @ts-check
const { Option } = require("commander");
const { runs, withTsx } = require("../cli/run");
const { name, stackOption } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) => {
  const policy = snail
    .command("policy")
    .summary("the policy pack")
    .description("The policy pack that checks every preview; docs/policy.md explains it.");
  policy
    .command("check")
    .description("Judges a stack by the pack, without engine or account; 1 when a mandatory rule is broken.")
    .addOption(stackOption())
    .addOption(
      new Option("-f, --format <format>", "of the findings")
        .choices(["table", "json", "sarif", "markdown"])
        .default("table"),
    )
    .option("--out <file>", "write to a file", name)
    .action(runs("tools/commands/policy/check"));
  policy
    .command("rules")
    .description("Prints the rules of the pack, with their levels, public ids and settings.")
    .action(runs("tools/commands/policy/rules", withTsx));
};
