// @ts-check
const { runs } = require("../cli/run");
const { wholeNumber } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("soak")
    .summary("drive the running service under faults, then check what it stored")
    .description(
      "Drives the service on this machine while everything goes wrong, then checks what it has stored. At last it sends photos " +
        "beside hostile files: none may wait for them.",
    )
    .option("--seconds <number>", "how long clients work, 5 to 3600", wholeNumber(5, 3600), 60)
    .option("--clients <number>", "how many work at the same time, 1 to 50", wholeNumber(1, 50), 6)
    .option("--names <number>", "how many names they share, 1 to 500", wholeNumber(1, 500), 12)
    .option("--keep", "keep the data folder, and print its path", false)
    .action(runs("tools/commands/soak/soak"));
