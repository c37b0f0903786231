// @ts-check
const { runs } = require("../cli/run");
const { folder, name } = require("../cli/values");

const permissions = `
Permissions: sqs:ReceiveMessage, sqs:ChangeMessageVisibility and sqs:DeleteMessage on the dead-letter queues,
sqs:SendMessage on their source queues, and those of your Pulumi backend for reading outputs.`;

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("redrive")
    .summary("list dead letters by cause, and move them back")
    .description("Lists dead letters by cause, and moves those of one cause back to their queue.")
    .option("--stack <name>", "whose queues", name, "dev")
    .option("--local", "those of the service that snail start runs here, not those on AWS", false)
    .option("--data <folder>", "its data folder, with --local (default: .local/<stack>)", folder)
    .option("--cause <cause>", "only letters of this cause", name)
    .option("--move", "move them back; poison stays, since no retry can succeed", false)
    .addHelpText("after", permissions)
    .action((flags, command) => {
      if (flags.move && flags.cause === undefined) command.error("error: --move needs --cause");
      if (flags.data !== undefined && !flags.local) command.error("error: --data needs --local");
      return runs("tools/commands/redrive/redrive")(flags, command);
    });
