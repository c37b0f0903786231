// @ts-check
const { runs, withTsx } = require("../cli/run");
const { configOption, folder, stackOption, wholeNumber } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("start")
    .summary("run the service on this machine")
    .description("Runs the Pulumi program, and the resources it declares, on this machine.")
    .addOption(stackOption())
    .option("--port <number>", "port of the API; 0: any that is free", wholeNumber(0, 65_535), 4000)
    .option("--data <folder>", "where everything is stored (default: .local/<stack>)", folder)
    .addOption(configOption())
    .option("--fresh", "delete stored data first", false)
    .option("--verbose", "print every line that the functions log", false)
    .option("--no-console", "do not serve the console, the page for a browser")
    .option(
      "--faults <list>",
      "deliberate faults: throttle=2,error=1,duplicate=10,kill=5,answer=1,lose=1,retry=1,concurrency=10\n" +
        "(% of calls, % of calls, % of messages, seconds between kills, % of calls whose answers are lost, % of S3's\n" +
        "notifications, seconds to a retry, functions at once)",
    )
    .action((flags, command) => {
      console.log("Loading …"); // TypeScript takes seconds
      return runs("tools/commands/start/start", withTsx)(flags, command);
    });
