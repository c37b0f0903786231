// @ts-check
const { runs } = require("../cli/run");

/** @param {import("commander").Command} snail */
module.exports = (snail) => {
  const engine = snail
    .command("engine")
    .summary("write what the checks of the engine compare with")
    .description("Writes files that the engine's checks compare with.");
  engine
    .command("schema")
    .description("Writes tools/embedded-aws/engine/schema.json from the installed @pulumi/aws.")
    .action(runs("tools/commands/engine/makeSchema"));
  engine
    .command("example")
    .description("Writes the example that docs/pull-requests.md links to and engine:check expects.")
    .action(runs("tools/commands/engine/writeExample"));
};
