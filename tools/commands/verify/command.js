// @ts-check
const { runs } = require("../cli/run");
const { ofService, where } = require("../cli/service");
const { wholeNumber } = require("../cli/values");

const about = `
Each check prints what it asked, what it expected and what it saw. The images that it uploads have names that begin with
"snail-verify-", and are deleted at the end, also after a failure or Ctrl-C.${where};
--policy prints all the rights that they need. With a Cognito user pool it sends the token in the variable ID_TOKEN.`;

/** @param {import("commander").Command} snail */
module.exports = (snail) =>
  ofService(snail.command("verify"))
    .summary("check the service here, or a deployed stack")
    .description("Checks that the service here, or a deployed stack, works as documented.")
    .option("--wait <minutes>", "how long a new stack may take until all of it is in effect", wholeNumber(1, 60), 20)
    .option("--policy", "print the policy that the caller needs, and check nothing", false)
    .addHelpText("after", about)
    .action(runs("tools/commands/verify/run"));
