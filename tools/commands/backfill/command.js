// @ts-check
const { runs } = require("../cli/run");
const { ofService, where } = require("../cli/service");
const { name, wholeNumber } = require("../cli/values");

const permissions = `${where}.
Stop it with Ctrl-C. Run it again to go on: what is done does not differ any more.
Permissions: dynamodb:Query on the table's index, dynamodb:GetItem on the table, sqs:SendMessage on
PutResolutionBasedImageQueue, sqs:GetQueueAttributes on the queues.`;

/** @param {string} type @param {string[]} [before] */
const several = (type, before = []) => [...before, name(type)];

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  ofService(snail.command("backfill"))
    .summary("bring existing renditions to the configuration")
    .description(
      "Finds images whose renditions differ from the configuration, and makes them from the stored originals.",
    )
    .option("--type <name>", "only this image type, may be repeated", several)
    .option("--rate <number>", "images a second, at most", wholeNumber(1, 1000), 5)
    .option("--remove", "remove renditions of image types and formats no longer configured", false)
    .option("--dry-run", "only print how many, how long and the cost", false)
    .option("--yes", "do not ask", false)
    .option("--json", "print JSON", false)
    // A mistyped flag is not to end in --remove.
    .showSuggestionAfterError(false)
    .addHelpText("after", permissions)
    .action((flags, command) => {
      if (flags.json && !flags.yes && !flags.dryRun) command.error("error: --json needs --yes or --dry-run");
      return runs("tools/commands/backfill/backfill")(flags, command);
    });
