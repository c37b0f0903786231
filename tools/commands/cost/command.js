// @ts-check
const { InvalidArgumentError } = require("commander");
const { runs } = require("../cli/run");
const { name, stackOption, wholeNumber } = require("../cli/values");

/** Reads a number of at least 0: `1e6`, `0.5`. @param {string} text */
function amount(text) {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("It must be a number of at least 0.");
}

/** Reads a number above 0. @param {string} text */
function size(text) {
  const value = amount(text);
  if (value > 0) return value;
  throw new InvalidArgumentError("It must be a number above 0.");
}

/** @param {import("commander").Command} snail */
module.exports = (snail) => {
  const cost = snail
    .command("cost")
    .summary("compute the monthly bill of a stack")
    .description(
      "Computes a stack's monthly bill from its resources, measured calls and CPU, and a region's prices. " +
        "docs/cost.md explains it.",
    )
    .addOption(stackOption())
    .option("--images <number>", "uploads a month", amount, 1e6)
    .option("--mb <number>", "size of an original, MB", size)
    .option("--megapixels <number>", "pixels of an original, millions", size)
    .option("--gets <number>", "status requests for each upload", amount, 1)
    .option("--deletes <number>", "deletions for each upload", amount, 0)
    .option("--storage-wait <ms>", "milliseconds that a function waits for a call of S3", amount, 100)
    .option("--views <number>", "downloads of a rendition for each upload", amount, 0)
    .option("--direct", "clients store uploads in the bucket themselves, not through the API", false)
    .option("--per-second <number>", "uploads a second while there are any (default: spread over the month)", size)
    .option("--full-batches", "enough uploads at once to fill all batches", false)
    .option("--region <name>", "whose prices to use", name, "us-east-1")
    .option("--json", "print JSON", false)
    .action(runs("tools/commands/cost/cost"));
  cost.command("docs").description("Writes the tables of docs/cost.md.").action(runs("tools/commands/cost/writeDocs"));
  cost
    .command("measure")
    .description("Runs the service here and records the calls, CPU and bytes that an image takes.")
    .option("--photos <number>", "photos to measure", wholeNumber(1), 40)
    .action(runs("tools/commands/cost/measure"));
};
