// @ts-check
const { runs } = require("../cli/run");
const { ofService, where } = require("../cli/service");
const { name } = require("../cli/values");

const permissions = `${where}.
Permissions: sqs:GetQueueAttributes on all queues, sqs:ReceiveMessage, ChangeMessageVisibility and DeleteMessage on the
dead-letter queues, sqs:SendMessage on their source queues, dynamodb:GetItem and UpdateItem on the table to give images
up, and those of your Pulumi backend for reading outputs.`;

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  ofService(snail.command("redrive"))
    .summary("list dead letters by cause, and move them back")
    .description("Lists dead letters by cause, and moves those of one cause back to their queue.")
    .option("--cause <cause>", "only letters of this cause", name)
    .option("--object <name>", "only letters about this image", name)
    .option("--move", "move them back; poison stays, since no retry can succeed", false)
    .option("--delete", "delete poison, and record its images as FAILED; asks first", false)
    .option("--yes", "with --delete: do not ask", false)
    .option("--json", "print JSON", false)
    .addHelpText("after", permissions)
    .action((flags, command) => {
      const acts = flags.move || flags.delete;
      const isChosen = flags.cause !== undefined || flags.object !== undefined;
      if (acts && !isChosen) command.error(`error: --${flags.move ? "move" : "delete"} needs --cause or --object`);
      if (flags.move && flags.delete) command.error("error: --move and --delete exclude each other");
      if (flags.yes && !flags.delete) command.error("error: --yes is for --delete");
      if (flags.json && acts) command.error("error: --json only lists");
      return runs("tools/commands/redrive/redrive")(flags, command);
    });
