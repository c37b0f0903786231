// @ts-check
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const ts = require("typescript");

/**
 * A transpiler for ts-node: TypeScript's own, whose output is kept in a file of `folder` and used again for the same
 * text, options and compiler.
 * @param {import("ts-node").CreateTranspilerOptions & { folder: string }} options
 * @returns {import("ts-node").Transpiler}
 */
function create({ service: { config }, folder }) {
  const settings = JSON.stringify([ts.version, config.options]);
  return {
    transpile(code, { fileName }) {
      const file = join(folder, `${createHash("sha1").update(settings).update(code).digest("hex")}.json`);
      const kept = read(file);
      if (kept) return kept;
      const output = ts.transpileModule(code, { fileName, compilerOptions: config.options, reportDiagnostics: true });
      if (output.diagnostics?.length === 0) write(folder, file, output);
      return output;
    },
  };
}

/** @param {string} file @returns {import("ts-node").TranspileOutput | undefined} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Other processes may read and write the same file meanwhile. @param {string} folder @param {string} file @param {object} output */
function write(folder, file, output) {
  const own = `${file}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(own, JSON.stringify(output));
  renameSync(own, file);
}

module.exports = { create };
