// @ts-check
const { runs, withTsx } = require("../cli/run");
const { folder, wholeNumber } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("hostile")
    .argument("[folder]", "files of any kind; folders in it are searched too", folder)
    .summary("run files that try to hurt through the functions' image work")
    .description(
      "Runs files through the image work of RawImagePutProcess and ResolutionBasedImagePutProcess in processes of their own, " +
        "and tells what became of each. It fails where one crashes, hangs, throws, costs more than its bounds, or gets another " +
        "answer than it must. Without a folder it makes hostile files itself.",
    )
    .option("--mutations <number>", "damaged pictures to make, without a folder", wholeNumber(0), 3000)
    .option("--seed <number>", "of the damage", wholeNumber(0), 1)
    .option("--processes <number>", "files at the same time", wholeNumber(1, 64), 2)
    .option("--keep <folder>", "write the files that it makes here, and keep them", folder)
    .option("--animated", "with a folder: image types that keep animations", false)
    .option("--json", "an array with an object for each file", false)
    .action((path, flags, command) => runs("tools/commands/hostile/hostile", withTsx)(path, flags, command));
