// @ts-check
const { runs } = require("../cli/run");

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("openapi")
    .summary("write docs/openapi.json, for clients of the API")
    .description("Writes docs/openapi.json, which describes the API for its clients, from the program.")
    .option("--release", "write docs/openapi.released.json too, with which later documents are compared", false)
    .action(runs("tools/commands/openapi/writeDocument"));
