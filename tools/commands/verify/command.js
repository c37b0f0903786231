// @ts-check
const { runs } = require("../cli/run");
const { folder, name, wholeNumber } = require("../cli/values");

const about = `
Each check prints what it asked, what it expected and what it saw. The images that it uploads have names that begin with
"snail-verify-", and are deleted at the end, also after a failure or Ctrl-C.
On AWS it uses the credentials of the environment; --policy prints all the rights that they need. With a Cognito user
pool it sends the token in the variable ID_TOKEN.`;

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  snail
    .command("verify")
    .summary("check that a deployed stack, or the local run, works")
    .description("Checks that a deployed stack, or the service that runs here, does what it is meant to.")
    .option("--stack <name>", "which stack", name, "dev")
    .option("--local", "the service that snail start runs here, not the stack on AWS", false)
    .option("--data <folder>", "its data folder, with --local (default: .local/<stack>)", folder)
    .option("--wait <minutes>", "how long a new stack may take until all of it is in effect", wholeNumber(1, 60), 20)
    .option("--policy", "print the policy that the caller needs, and check nothing", false)
    .addHelpText("after", about)
    .action((flags, command) => {
      if (flags.data !== undefined && !flags.local) command.error("error: --data needs --local");
      return runs("tools/commands/verify/run")(flags, command);
    });
