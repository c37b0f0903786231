// @ts-check
const { runs, withTsx } = require("../cli/run");
const { stackOption } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) => {
  const policy = snail
    .command("policy")
    .summary("the policy pack")
    .description("The policy pack that checks every preview; docs/policy.md explains it.");
  policy
    .command("docs")
    .description("Writes the tables of docs/policy.md from the pack.")
    .action(runs("tools/commands/policy/writeDocs", withTsx));
  policy
    .command("mutate")
    .description("Makes mistakes in a stack, one after the other, and prints which mandatory rule objects to each.")
    .addOption(stackOption())
    .action(runs("tools/commands/policy/mutate"));
};
