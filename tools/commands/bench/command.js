// @ts-check
const { withTsx } = require("../cli/run");
const { wholeNumber } = require("../cli/values");
const { jsonOption, measures } = require("./report");

/** @param {import("commander").Command} snail */
module.exports = (snail) => {
  const bench = snail
    .command("bench")
    .summary("benchmarks")
    .description("Benchmarks; docs/performance.md explains them.");
  bench
    .command("renditions")
    .description("CPU, bytes and quality of five renditions against plain sharp and libjpeg-turbo.")
    .option("--pairs <number>", "interleaved measurements of each input", wholeNumber(1), 7)
    .addOption(jsonOption())
    .action(measures("renditions", "tools/bench/renditions", withTsx));
  bench
    .command("effort")
    .description("Cost of each WebP and AVIF encoder effort, for a million renditions of equal quality.")
    .option("--months <number>", "how long they are kept", wholeNumber(0), 12)
    .option("--views <number>", "how often each is downloaded", wholeNumber(0), 10)
    .addOption(jsonOption())
    .action(measures("effort", "tools/bench/effort", withTsx));
  bench
    .command("quality")
    .description("The WebP and AVIF encoder numbers that match JPEG, for each `quality`.")
    .addOption(jsonOption())
    .action(measures("quality", "tools/bench/quality", withTsx));
  bench
    .command("memory")
    .description("Memory and CPU of the decoder and its outcome, by kind and size of original.")
    .addOption(jsonOption())
    .action(measures("memory", "tools/bench/memory", withTsx));
  bench
    .command("batches")
    .description("Cost of a million images and duration of a batch, by batch size and images at once.")
    .option("--storage-wait <ms>", "milliseconds that a function waits for a call of S3", wholeNumber(0), 100)
    .addOption(jsonOption())
    .action(measures("batches", "tools/commands/bench/batches"));
  bench
    .command("path")
    .description("CPU of the whole local service against the renditions only. Linux only.")
    .option("--copies <number>", "photos to upload", wholeNumber(1), 100)
    .addOption(jsonOption())
    .action(measures("path", "tools/bench/localPath", withTsx));
  bench
    .command("backfill")
    .description("Upload times on the local service while a backfill runs, is stopped and continues.")
    .option("--images <number>", "images that are stored before", wholeNumber(10), 1000)
    .option("--uploads <number>", "uploads a second beside it", wholeNumber(1, 20), 1)
    .option("--rate <number>", "images a second that the backfill begins, at most", wholeNumber(1, 1000), 5)
    .addOption(jsonOption())
    .action(measures("backfill", "tools/bench/backfill", withTsx));
  bench
    .command("calls")
    .description("CPU of one photo's AWS calls, against a server that stores nothing.")
    .option("--photos <number>", "photos to measure", wholeNumber(1), 60)
    .addOption(jsonOption())
    .action(measures("calls", "tools/bench/sdkCalls", withTsx));
  bench
    .command("cold")
    .description("CPU of each function's cold start beyond bare Node, and the size of its bundle.")
    .option("--runs <number>", "starts of each function", wholeNumber(1), 7)
    .addOption(jsonOption())
    .action(measures("cold", "tools/commands/bench/cold"));
  bench
    .command("policy")
    .description("Time of the policy pack and of the program, for a stack.")
    .option("--runs <number>", "evaluations of each stack", wholeNumber(1), 5)
    .addOption(jsonOption())
    .action(measures("policy", "tools/commands/policy/measure"));
};
