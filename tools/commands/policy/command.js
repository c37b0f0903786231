// @ts-check
const { runs, withTsx } = require("../cli/run");

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
};
