// @ts-check
const { readdirSync } = require("node:fs");
const { join, resolve } = require("node:path");
const { InvalidArgumentError, Option } = require("commander");

const root = join(__dirname, "../../..");

/** Reads a whole number in a range. @param {number} least @param {number} [most] */
function wholeNumber(least, most = Number.MAX_SAFE_INTEGER) {
  const allowed = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  /** @param {string} text */
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number ${allowed}.`);
  };
}

/** Reads a folder, from the working folder. @param {string} text */
function folder(text) {
  if (text === "") throw new InvalidArgumentError("It must name a folder.");
  return resolve(text);
}

/** Reads a text that is not empty. @param {string} text */
function name(text) {
  if (text === "") throw new InvalidArgumentError("It must not be empty.");
  return text;
}

/** Reads a JSON object. @param {string} text */
function jsonObject(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new InvalidArgumentError('It must be a JSON object such as {"album": "holidays"}.');
}

/** Reads a point of a picture, as shares of its width and height. @param {string} text */
function point(text) {
  const [x = NaN, y = NaN, ...more] = text.split(",").map((share) => (/^[\d.]+$/.test(share) ? Number(share) : NaN));
  if (x >= 0 && x <= 1 && y >= 0 && y <= 1 && more.length === 0) return { x, y };
  throw new InvalidArgumentError("It must be two numbers from 0 to 1, such as 0.5,0.25.");
}

/** Gathers settings `key=value`. @param {string} text @param {Record<string, string>} before */
function setting(text, before) {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError("It must be key=value.");
  return { ...before, [key]: value };
}

/** `--config`: settings in place of the stack's. */
const configOption = () =>
  new Option("-c, --config <key=value>", "a setting that differs from the stack's, may be repeated")
    .argParser(setting)
    .default({});

/** `--stack`: one that the project has settings for. */
const stackOption = () => {
  const stacks = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return new Option("-s, --stack <name>", "whose settings to use").choices(stacks).default("dev");
};

module.exports = { configOption, folder, jsonObject, name, point, stackOption, wholeNumber };
