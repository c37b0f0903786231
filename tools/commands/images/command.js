// @ts-check
const { Option } = require("commander");

const { runs } = require("../cli/run");
const { ofService, where } = require("../cli/service");
const { jsonObject, name, point, wholeNumber } = require("../cli/values");

const token = ", and\nwith a Cognito user pool the token in the variable ID_TOKEN.";

/** A command about images of one service. @param {import("commander").Command} snail @param {string} call */
const ofImages = (snail, call) => ofService(snail.command(call)).addHelpText("after", where + token);

/** @param {string} file */
const action = (file) => runs(`tools/commands/images/${file}`);

/** @param {import("commander").Command} snail */
const send = (snail) =>
  ofImages(snail, "send <file...>")
    .summary("upload images, or folders of them")
    .description("Uploads images of any size, or all images of a folder, each under its file's name.")
    .option("--as <name>", "the name of the image, where one file is sent", name)
    .option("--metadata <json>", "a JSON object to store with each image", jsonObject)
    .option("--focus <x,y>", "the point that matters most, from the top left: 0.5,0.25", point)
    .option("--wait", "wait until each image is READY, or say why not", false)
    .option("--at-once <number>", "how many are uploaded at the same time", wholeNumber(1, 32), 4)
    .action(action("send"));

/** @param {import("commander").Command} snail */
const show = (snail) =>
  ofImages(snail, "show <name>")
    .summary("print an image's status and renditions")
    .description("Prints an image's status and its renditions, with their URLs.")
    .option("--json", "print the API's answer as it is", false)
    .action(action("show"));

/** @param {import("commander").Command} snail */
const open = (snail) =>
  ofImages(snail, "open <name>")
    .summary("open an image in the browser")
    .description("Opens a rendition of an image in the browser.")
    .option("--type <image type>", "which rendition (default: the largest)", name)
    .option("--print", "print its URL, and open nothing", false)
    .action(action("open"));

/** @param {import("commander").Command} snail */
const remove = (snail) =>
  ofImages(snail, "delete <name...>")
    .summary("delete images")
    .description("Deletes images, with their originals and renditions.")
    .action(action("delete"));

/** @param {import("commander").Command} snail */
const list = (snail) =>
  ofImages(snail, "list")
    .summary("list images, newest first")
    .description("Lists the images of one status, newest first. An upload that only waits is in no list.")
    .addOption(
      new Option("--status <status>", "of which status")
        .choices(["READY", "PROCESSING", "FAILED", "REJECTED", "DELETING"])
        .default("READY"),
    )
    .option("--prefix <text>", "the beginning of their names")
    .option("--limit <number>", "how many at most (default: all)", wholeNumber(1, 1_000_000))
    .option("--json", "print a line of JSON for each", false)
    .addOption(new Option("--renditions", "the same with renditions and their URLs").implies({ json: true }))
    .action(action("list"));

module.exports = [send, list, show, open, remove];
