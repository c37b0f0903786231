#!/usr/bin/env node
// @ts-check
// The one command of this project. Plain JavaScript: it reads the command line before it loads any TypeScript.
const { chooseNode, installedNode, runOn } = require("./cli/node");

const choice = chooseNode(process.versions.node, installedNode());
if (choice.use === "other") runOn(choice.path, [__filename, ...process.argv.slice(2)]);
else if (choice.use === "none") {
  console.error(`snail: ${choice.problem}`);
  process.exitCode = 1;
} else void require("./cli/main").main(process.argv);
