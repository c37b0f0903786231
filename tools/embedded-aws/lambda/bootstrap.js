// @ts-check
"use strict";
/**
 * Runs inside the child process that is one execution environment: loads the handler once, then serves one invocation at
 * a time. Plain JavaScript with built-ins only, so that nothing has to be compiled and nothing of the project is loaded.
 *
 * Messages from the parent: `{ id, event, deadline, arn, trace }`. Messages to it: `{ type: "ready" }` or `{ type:
 * "initError", error }` once, then `{ type: "result", id, payload | error, peakKb, last }`, where `last` says that the process ends. After each invocation a line with a
 * NUL character on stdout and stderr tells the parent that it has read all that the invocation printed.
 */
const { existsSync, readFileSync, realpathSync } = require("node:fs");
const { Module } = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { format } = require("node:util");

/** @typedef {{ id: string, event: unknown, deadline: number, arn: string, trace?: string }} Invocation */
/** @typedef {(event: unknown, context: object) => unknown} Handler */

const environment = process.env;
const taskRoot = String(environment.LAMBDA_TASK_ROOT);
const jsonLogs = environment.AWS_LAMBDA_LOG_FORMAT === "JSON";
const maximumResponse = 6 * 1024 * 1024;
/** @type {(message: object) => void} */
const send = /** @type {any} */ (process).send.bind(process);
// Lambda has no parent process: libraries that look for an IPC channel must not find this one.
/** @type {any} */ (process).send = undefined;

/** @type {Handler | undefined} */
let handler;
/** @type {Invocation | undefined} */
let current;

// A parent that dies, however it dies, takes its environments along.
process.on("disconnect", () => process.exit(0));
process.on("message", (/** @type {Invocation} */ invocation) => void serve(invocation));
process.on("uncaughtException", (error) => die(describe(error), 129));
process.on("unhandledRejection", (reason) => {
  const { errorMessage, trace } = describe(reason);
  die({ errorType: "Runtime.UnhandledPromiseRejection", errorMessage, trace }, 128);
});

confineModules();
replaceConsole();
void initialise();

async function initialise() {
  try {
    handler = await loadHandler(String(environment._HANDLER));
    send({ type: "ready" });
  } catch (error) {
    const described = describe(error);
    print("ERROR", "Uncaught Exception \t" + JSON.stringify(described));
    mark();
    send({ type: "initError", error: described });
  }
}

/** @param {string} name `<module>.<export>`, both may be nested */
async function loadHandler(name) {
  const [, file, exported] = /^(.*?)\.([^/]+)$/.exec(name) ?? [];
  if (file === undefined || exported === undefined) {
    throw failure("Runtime.MalformedHandlerName", `Bad handler ${name}: it must be <file>.<export>`);
  }
  const found = [".js", ".mjs", ".cjs"].map((end) => path.join(taskRoot, file + end)).find((one) => existsSync(one));
  if (found === undefined) throw failure("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
  const loaded = await load(found);
  /** @type {any} */
  let value = loaded;
  for (const part of exported.split(".")) value = value?.[part];
  if (value === undefined) throw failure("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof value !== "function") throw failure("Runtime.HandlerNotFound", `${name} is not a function`);
  if (value.length > 2) {
    throw failure(
      "Runtime.CallbackHandlerDeprecated",
      "callback-style handlers are not supported: use an async function of event and context",
    );
  }
  return /** @type {Handler} */ (value);
}

/** @param {string} file */
async function load(file) {
  try {
    return file.endsWith(".mjs") ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (error instanceof SyntaxError) throw failure("Runtime.UserCodeSyntaxError", `SyntaxError: ${message}`);
    if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") {
      throw failure("Runtime.ImportModuleError", `Error: ${message}`);
    }
    throw error;
  }
}

/** @param {Invocation} invocation */
async function serve(invocation) {
  current = invocation;
  if (invocation.trace !== undefined) environment._X_AMZN_TRACE_ID = invocation.trace;
  /** @type {{ payload?: string, error?: object }} */
  let result;
  try {
    result = { payload: encode(await /** @type {Handler} */ (handler)(invocation.event, contextOf(invocation))) };
  } catch (error) {
    const described = describe(error);
    const { trace, ...summary } = described;
    print("ERROR", "Invoke Error \t" + JSON.stringify({ ...summary, stack: trace }));
    result = { error: described };
  }
  current = undefined;
  mark();
  send({ type: "result", id: invocation.id, ...result, peakKb: peakKb() });
}

/** @param {unknown} value what the handler returned */
function encode(value) {
  let text;
  try {
    text = JSON.stringify(value) ?? "null";
  } catch {
    throw failure("Runtime.MarshalError", "Unable to stringify response body");
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > maximumResponse) {
    throw failure(
      "Function.ResponseSizeTooLarge",
      `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${maximumResponse} bytes).`,
    );
  }
  return text;
}

/** @param {Invocation} invocation */
function contextOf({ id, deadline, arn }) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: arn,
    awsRequestId: id,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** @param {unknown} error @returns {{ errorType: string, errorMessage: string, trace: string[] }} */
function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split("\n") };
}

/** Peak memory. Where there is /proc it is read from there: Linux counts the parent's memory in `maxRSS`. */
function peakKb() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

/** @param {string} name @param {string} message */
function failure(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** Answers the invocation under way with an error and ends the process, as the runtime does after an uncaught error.
 * @param {object} error @param {number} status */
function die(error, status) {
  print("ERROR", (current === undefined ? "Uncaught Exception \t" : "Invoke Error \t") + JSON.stringify(error));
  mark();
  if (current === undefined) send({ type: "initError", error });
  else send({ type: "result", id: current.id, error, peakKb: peakKb(), last: true });
  process.exit(status);
}

function mark() {
  process.stdout.write("\0\n");
  process.stderr.write("\0\n");
}

/** @param {string} level @param {string} text */
function print(level, text) {
  const time = new Date().toISOString();
  const id = current?.id;
  process.stdout.write(
    (jsonLogs
      ? JSON.stringify({ timestamp: time, level, requestId: id, message: text })
      : `${time}\t${id}\t${level}\t${text}`) + "\n",
  );
}

/** The runtime's own console: every line with time, request and level. */
function replaceConsole() {
  /** @type {Record<string, string>} */
  const levels = { log: "INFO", info: "INFO", debug: "DEBUG", warn: "WARN", error: "ERROR", trace: "TRACE" };
  const order = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
  const least = order.indexOf(environment.AWS_LAMBDA_LOG_LEVEL ?? "TRACE");
  for (const [method, level] of Object.entries(levels)) {
    if (order.indexOf(level) < least) /** @type {any} */ (console)[method] = () => undefined;
    else /** @type {any} */ (console)[method] = (/** @type {unknown[]} */ ...values) => print(level, format(...values));
  }
}

/**
 * Lets `require` look for packages in the function's own folder and its layers alone, as on Lambda. Without this it would
 * go on upwards and find what happens to be installed around the data folder.
 */
function confineModules() {
  const layers = (environment.NODE_PATH ?? "").split(path.delimiter).filter((one) => existsSync(one));
  const roots = [taskRoot, ...layers].map((one) => realpathSync(one));
  const inside = (/** @type {string} */ folder) =>
    roots.some((root) => folder.startsWith(root + path.sep) || folder === root);
  const nodeModulePaths = /** @type {any} */ (Module)._nodeModulePaths;
  /** @type {any} */ (Module)._nodeModulePaths = (/** @type {string} */ from) => nodeModulePaths(from).filter(inside);
}
