// @ts-check
const { InvalidArgumentError } = require("commander");
const { runs } = require("../cli/run");
const { ofService, where } = require("../cli/service");
const { name } = require("../cli/values");

/** @param {string} text */
function duration(text) {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const seconds = { m: 60, h: 3600, d: 86_400 }[unit ?? ""];
  if (amount === undefined || seconds === undefined || Number(amount) === 0)
    throw new InvalidArgumentError("It must be a time such as 15m, 6h or 2d.");
  return Number(amount) * seconds;
}

/** @param {import("commander").Command} snail @param {string} call @param {string} permissions */
const ofStack = (snail, call, permissions) =>
  ofService(snail.command(call)).addHelpText("after", `${where}.\nPermissions: ${permissions}`);

/** @param {string} file */
const action = (file) => runs(`tools/commands/operate/${file}`);

/** @param {import("commander").Command} snail */
const why = (snail) =>
  ofStack(
    snail,
    "why <name>",
    `dynamodb:GetItem on the table, s3:ListBucketVersions on the temp bucket, s3:GetObject and
s3:ListBucket on the images' bucket, sqs:GetQueueAttributes, ReceiveMessage and ChangeMessageVisibility, logs:FilterLogEvents.`,
  )
    .summary("explain one image")
    .description(
      "Prints an image's record, objects, waiting uploads, dead letters and log lines, and what happens next.",
    )
    .option("--since <time>", "how far back the log is read: 15m, 6h, 2d", duration, 86_400)
    .option("--json", "print JSON", false)
    .action(action("why"));

/** @param {import("commander").Command} snail */
const status = (snail) =>
  ofStack(
    snail,
    "status",
    `dynamodb:Query on the table's index, s3:ListBucketVersions on the temp bucket, sqs:GetQueueAttributes,
cloudwatch:DescribeAlarms on all resources.`,
  )
    .summary("summarise a stack")
    .description(
      "Summarises a stack: names by status, the image that waits longest, queues, dead letters, and alarms that are not OK.",
    )
    .option("--json", "print JSON", false)
    .action(action("status"));

/** @param {import("commander").Command} snail */
const logs = (snail) =>
  ofStack(snail, "logs [function]", "logs:FilterLogEvents on the functions' log groups.")
    .summary("print what the functions logged")
    .description("Prints the log lines of one function or of all, by time.")
    .option("--image <name>", "only lines about this image", name)
    .option("--since <time>", "how far back: 15m, 6h, 2d", duration, 3_600)
    .option("--follow", "go on with new lines until Ctrl-C", false)
    .option("--json", "print each line as the function wrote it", false)
    .action(action("logs"));

module.exports = [status, why, logs];
