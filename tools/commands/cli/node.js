// @ts-check
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { constants } = require("node:os");
const { join } = require("node:path");

/** The major version that Lambda runs, which the package `node` brings. */
const LAMBDA = 24;
/** The oldest version that has `node:sqlite` without a flag: 22.13. */
const LEAST = { major: 22, minor: 13 };

const folder = join(__dirname, "../../../node_modules/node/bin");

/**
 * The Node to run on: the one that npm installed here, so that a command started by `npx` or by its path runs on the
 * same version as npm scripts do; else the one that runs this, where it is new enough.
 * @param {string} version of this process
 * @param {string | undefined} installed path of the one that the package `node` brought
 * @returns {{ use: "own" } | { use: "other", path: string } | { use: "none", problem: string }}
 */
function chooseNode(version, installed) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major === LAMBDA) return { use: "own" };
  if (installed !== undefined) return { use: "other", path: installed };
  if (major > LEAST.major || (major === LEAST.major && minor >= LEAST.minor)) return { use: "own" };
  const problem =
    `Node ${version} is too old: ${LEAST.major}.${LEAST.minor} is the oldest that works. ` +
    "Run npm ci with install scripts allowed, which brings Node 24, or install a newer Node";
  return { use: "none", problem };
}

/** @returns {string | undefined} */
function installedNode() {
  return ["node", "node.exe"].map((name) => join(folder, name)).find(existsSync);
}

/**
 * Continues in another Node with the same terminal, and ends as it ends.
 * @param {string} node path
 * @param {string[]} args
 */
function runOn(node, args) {
  const child = spawn(node, args, { stdio: "inherit" });
  // A terminal sends Ctrl-C to both processes: passing it on would count as a second one.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}

/** Says when this is not the major that Lambda runs. The tests of a continuous integration must run on that one. */
function requireLambdasNode() {
  if (Number(process.versions.node.split(".")[0]) === LAMBDA) return;
  const fatal = process.env.CI !== undefined;
  console.error(
    `${fatal ? "error" : "warning"}: this runs on Node ${process.versions.node}, Lambda on ${LAMBDA}. ` +
      "Run npm ci with install scripts allowed: the package node brings that version",
  );
  if (fatal) process.exitCode = 1;
}

module.exports = { chooseNode, installedNode, runOn };
if (require.main === module) requireLambdasNode();
