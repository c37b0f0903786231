// @ts-check
const { join } = require("node:path");
const { register } = require("ts-node");

const root = join(__dirname, "../../..");

/**
 * Loads TypeScript by ts-node, as Pulumi does, without looking at types, and keeps what is compiled for the next process:
 * compiling is half of the start of a command. `npm ci` empties the folder.
 */
register({
  // Not the working folder: a command may be started in any.
  cwd: root,
  transpileOnly: true,
  transpiler: [require.resolve("./keptOutput"), { folder: join(root, "node_modules/.cache/typescript") }],
});
