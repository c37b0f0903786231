// @ts-check
const { runs } = require("../cli/run");
const { stackOption } = require("../cli/values");

/** @typedef {import("commander").Command} Command */

/** @param {string} name @param {string} summary @param {string} description */
const engineCommand = (name, summary, description) => (/** @type {Command} */ snail) =>
  snail
    .command(name)
    .summary(summary)
    .description(`${description} Needs the Pulumi CLI on PATH; the state is in .local/engine.`)
    .addOption(stackOption())
    .argument("[flags...]", `flags of pulumi ${name}`)
    .allowUnknownOption()
    .action((flags, options, command) => runs("tools/commands/engine/pulumiCommand")(name, flags, options, command));

module.exports = {
  preview: engineCommand(
    "preview",
    "preview with the Pulumi engine, without an account",
    "Shows what the Pulumi engine would change, against a provider that answers as AWS does.",
  ),
  up: engineCommand(
    "up",
    "update with the Pulumi engine, without an account",
    "Makes the changes in a state file of this machine, against a provider that answers as AWS does.",
  ),
  destroy: engineCommand(
    "destroy",
    "destroy what up made, without an account",
    "Deletes everything from the state file of this machine; refuses when something is protected.",
  ),
};
