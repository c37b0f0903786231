// @ts-check
const { join } = require("node:path");
const { pathOf } = require("./pathOf");
const { refusedKeys } = require("./refusedKeys");

const root = join(__dirname, "../../..");

/**
 * An action of commander: loads a TypeScript module and calls its `run` with the flags and then the arguments. What
 * `run` resolves with is the exit code, 0 by default. An error is one message without a stack trace, and ends with the
 * error's own `exitCode`, or with 1.
 * @param {string} file module, from the project's root
 * @param {() => void} [compile] how TypeScript is loaded
 * @param {(module: any, ...given: any[]) => unknown} [call] what is done in place of calling `run`
 */
function runs(file, compile = withTsNode, call = ({ run }, ...given) => run(...given)) {
  /** @param {any[]} given arguments, flags, command */
  return async (...given) => {
    const command = given.pop();
    const flags = given.pop();
    try {
      hideExperimentalWarnings();
      compile();
      process.exitCode =
        /** @type {number | undefined} */ (await call(require(join(root, file)), flags, ...given)) ?? 0;
    } catch (error) {
      console.error(`${pathOf(command)}: ${explain(error)}`);
      process.exit(/** @type {any} */ (error).exitCode ?? 1);
    }
  };
}

/** The Pulumi program must run under ts-node: the helpers that tsx adds break functions that are serialised. */
function withTsNode() {
  require("./typescript");
}

/** For benchmarks and the local service: ts-node holds a compiler in memory, of which garbage collections cost 20 ms. */
function withTsx() {
  require("tsx/cjs/api").register();
}

/** `node:sqlite` has served for years; its warning would be the first line of every command. */
function hideExperimentalWarnings() {
  const { emitWarning } = process;
  process.emitWarning = /** @type {typeof emitWarning} */ (
    (/** @type {any} */ warning, /** @type {any[]} */ ...rest) => {
      const type = warning?.name ?? rest[0]?.type ?? rest[0];
      if (type !== "ExperimentalWarning") /** @type {any} */ (emitWarning)(warning, ...rest);
    }
  );
}

/** The message; the stack as well where the error is one of this program's own. @param {unknown} error */
function explain(error) {
  if (!(error instanceof Error)) return String(error);
  const isDefect = error instanceof TypeError || error instanceof ReferenceError;
  if (isDefect || process.env.SNAIL_STACK) return error.stack ?? error.message;
  return refusedKeys(error) ?? error.message;
}

module.exports = { runs, withTsx };
