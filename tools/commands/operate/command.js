// @ts-check
const { InvalidArgumentError } = require("commander");
const { runs } = require("../cli/run");
const { folder, name } = require("../cli/values");

const where = `
Without --stack it is the service that snail start runs here. On AWS the command uses the credentials of the environment.
Permissions: `;

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
  snail
    .command(call)
    .option("--stack <name>", "a stack on AWS, in place of the service that runs here", name)
    .option("--data <folder>", "data folder of the service that runs here (default: .local/dev)", folder)
    .addHelpText("after", where + permissions);

/** @param {string} file */
const action =
  (file) =>
  (/** @type {any[]} */ ...given) => {
    const [command, flags] = [given.at(-1), given.at(-2)];
    if (flags.stack !== undefined && flags.data !== undefined) command.error("error: --data is not for a --stack");
    return runs(`tools/commands/operate/${file}`)(...given);
  };

/** @param {import("commander").Command} snail */
const why = (snail) =>
  ofStack(
    snail,
    "why <name>",
    `dynamodb:GetItem on the table, s3:ListBucketVersions on the temp bucket, s3:GetObject and
s3:ListBucket on the images' bucket, sqs:GetQueueAttributes, ReceiveMessage and ChangeMessageVisibility, logs:FilterLogEvents.`,
  )
    .summary("tell all about one image")
    .description(
      "Tells an image's record, objects, waiting uploads, dead letters and log lines, and what happens next.",
    )
    .option("--since <time>", "how far back the log is read: 15m, 6h, 2d", duration, 86_400)
    .option("--json", "print JSON", false)
    .action((image, flags, command) => action("why")(image, flags, command));

/** @param {import("commander").Command} snail */
const status = (snail) =>
  ofStack(
    snail,
    "status",
    `dynamodb:Query on the table's index, s3:ListBucketVersions on the temp bucket, sqs:GetQueueAttributes,
cloudwatch:DescribeAlarms on all resources.`,
  )
    .summary("tell a stack at a glance")
    .description(
      "Tells a stack at a glance: names by status, the image that waits longest, queues, dead letters, and alarms that are not OK.",
    )
    .option("--json", "print JSON", false)
    .action((flags, command) => action("status")(flags, command));

/** @param {import("commander").Command} snail */
const logs = (snail) =>
  ofStack(snail, "logs [function]", "logs:FilterLogEvents on the functions' log groups.")
    .summary("print what the functions logged")
    .description("Prints the lines that functions logged, of one function or of all, in the order of their times.")
    .option("--image <name>", "only lines about this image", name)
    .option("--since <time>", "how far back: 15m, 6h, 2d", duration, 3_600)
    .option("--follow", "go on with new lines until Ctrl-C", false)
    .option("--json", "print each line as the function wrote it", false)
    .action((functionName, flags, command) => action("logs")(functionName, flags, command));

module.exports = [status, why, logs];
