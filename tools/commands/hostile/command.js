// @ts-check
const { runs, withTsx } = require("../cli/run");
const { folder, wholeNumber } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("hostile")
    .argument("[folder]", "files of any kind; folders in it are searched too", folder)
    .summary("run hostile files through the functions' image code")
    .description(
      "Runs files through the image code of RawImagePutProcess and ResolutionBasedImagePutProcess in separate processes, " +
        "and prints each outcome. It fails if one crashes, hangs, throws, exceeds its limits, or gets the wrong answer. " +
        "Without a folder it generates hostile files.",
    )
    .option("--mutations <number>", "damaged pictures to make, without a folder", wholeNumber(0), 3000)
    .option("--seed <number>", "of the damage", wholeNumber(0), 1)
    .option("--processes <number>", "files at the same time", wholeNumber(1, 64), 2)
    .option("--keep <folder>", "keep the generated files here", folder)
    .option("--animated", "with a folder: image types that keep animations", false)
    .option("--json", "an array with an object for each file", false)
    .action((path, flags, command) => runs("tools/commands/hostile/hostile", withTsx)(path, flags, command));
