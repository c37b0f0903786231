// Loaded before a command by a test: fails what takes seconds to load.
const Module = require("node:module");

const load = Module._load;
Module._load = (request, ...rest) => {
  if (/^(ts-node|typescript|tsx|@pulumi|@aws-sdk)/.test(request)) throw new Error(`${request} was loaded`);
  return load(request, ...rest);
};
