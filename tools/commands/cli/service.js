// @ts-check
const { folder, name } = require("./values");

/** For the help of a command that {@link ofService} made, before what its permissions are. */
const where = `
Without --stack it is the service that snail start runs here. On AWS the command uses the credentials of the environment`;

/** Adds the flags that tell which service a command is about. @param {import("commander").Command} command */
const ofService = (command) =>
  command
    .option("--stack <name>", "a stack on AWS, in place of the service that runs here", name)
    .option("--data <folder>", "data folder of the service that runs here (default: .local/dev)", folder)
    .hook("preAction", () => {
      const { stack, data } = command.opts();
      if (stack !== undefined && data !== undefined) command.error("error: --data is not for a --stack");
    });

module.exports = { ofService, where };
