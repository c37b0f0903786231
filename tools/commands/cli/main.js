// @ts-check
const { Command } = require("commander");
const { commands } = require("./commands");
const { pathOf } = require("./pathOf");
const { swallowedFlags, npmTookVerbose } = require("./swallowedFlags");

const exitCodes = `
Exit codes: 0 fine, 1 it failed, 2 the call is wrong.`;

/**
 * Runs a command line. The process ends with 0 (fine), 1 (it failed) or 2 (the call is wrong).
 * @param {string[]} argv as `process.argv`
 */
async function main(argv) {
  const snail = build();
  const command = namedBy(argv.slice(2), snail);
  const swallowed = swallowedFlags(command, process.env, argv.slice(2));
  if (swallowed !== undefined) wrongCall(command, swallowed);
  const note = npmTookVerbose(command, process.env, argv);
  if (note !== undefined) console.error(note);
  await snail.parseAsync(argv);
}

/** @returns {Command} */
function build() {
  const snail = new Command("snail")
    .description("The service on this machine, the Pulumi engine without an account, and the tools that test both.")
    .helpOption("-h, --help", "what a command does, and its flags")
    .helpCommand("help [command]", "the same as --help")
    .enablePositionalOptions() // flags behind a command are its own
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText("afterAll", exitCodes)
    // Commander ends with 1 for a wrong call.
    .exitOverride(({ exitCode, code }) => process.exit(exitCode === 0 && code !== "commander.help" ? 0 : 2));
  for (const add of commands) add(snail);
  sayWhoseError(snail);
  return snail;
}

/** Makes each error one line that names the command. @param {Command} command */
function sayWhoseError(command) {
  command.configureOutput({ outputError: (text, write) => write(`${messageOf(command, text)}\n`) });
  command.commands.forEach(sayWhoseError);
}

/** @param {Command} command @param {string} text of commander */
function messageOf(command, text) {
  const problem = text
    .replace(/^error: /, "")
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
  return `${pathOf(command)}: ${problem}; ${pathOf(command)} --help lists what there is`;
}

/** @param {Command} command @param {string} problem @returns {never} */
function wrongCall(command, problem) {
  console.error(`${pathOf(command)}: ${problem}`);
  process.exit(2);
}

/** The command that the first arguments name. @param {string[]} args @param {Command} command @returns {Command} */
function namedBy([first, ...others], command) {
  const next = command.commands.find((each) => each.name() === first);
  return next ? namedBy(others, next) : command;
}

module.exports = { main };
