// @ts-check
const { runs, withTsx } = require("../cli/run");
const { folder } = require("../cli/values");

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("pictures")
    .summary("compare renditions of generated pictures with references")
    .description(
      "Makes renditions of pictures of every kind (orientations, colour profiles, transparency, animations, odd sizes), " +
        "compares each with a reference, and looks for metadata in its bytes. It fails if one is wrong.",
    )
    .option("--sheet <file>", "write a PNG that shows all of them", folder)
    .action(runs("tools/commands/pictures/pictures", withTsx));
