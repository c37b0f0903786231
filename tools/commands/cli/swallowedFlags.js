// @ts-check
/** @typedef {import("commander").Command} Command */

/**
 * npm takes flags that stand before `--` for its own, and hands them on as variables only: `npm start --port 4141` runs
 * `snail start 4141` with `npm_config_port=true`.
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} environment
 * @param {string[]} args the command line that arrived
 * @returns {string | undefined} what to write instead, where npm took something
 */
function swallowedFlags(command, environment, args) {
  const given = args.slice(depthOf(command));
  const taken = command.options.flatMap((option) => {
    const flag = `--${option.name()}`;
    const value = environment[`npm_config_${option.name().replaceAll("-", "_")}`];
    // npm tells every script where it installs global packages by this variable.
    if (option.name() === "prefix") return [];
    if (!value || args.some((argument) => argument === flag || argument.startsWith(`${flag}=`))) return [];
    if (option.isBoolean()) return [flag];
    return [`${flag} ${value === "true" ? (valueIn(given) ?? `<${option.name()}>`) : value}`];
  });
  if (taken.length === 0) return undefined;
  return `npm took ${taken.join(" ")} for itself; write: ${npmCall(environment)} ${[...taken, ...given].join(" ")}`;
}

/** Takes out the value of a flag that npm took: values arrive before everything after `--`. @param {string[]} given */
const valueIn = (given) => (given[0]?.startsWith("-") ? undefined : given.shift());

/** `--verbose` sets npm's own log level, which may be meant: only said. @param {Command} command
 * @param {NodeJS.ProcessEnv} environment @param {string[]} args */
function npmTookVerbose(command, environment, args) {
  const known = command.options.some((option) => option.name() === "verbose");
  if (!known || environment.npm_config_loglevel !== "verbose" || args.includes("--verbose")) return undefined;
  return `npm took --verbose for itself; for the lines of the functions write: ${npmCall(environment)} --verbose`;
}

/** @param {NodeJS.ProcessEnv} environment */
function npmCall({ npm_lifecycle_event: script = "start" }) {
  if (script === "npx") return "npx snail …";
  return `npm ${script === "start" ? "start" : `run ${script}`} --`;
}

/** @param {Command} command @returns {number} */
const depthOf = (command) => (command.parent ? 1 + depthOf(command.parent) : 0);

module.exports = { npmTookVerbose, swallowedFlags };
