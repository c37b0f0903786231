// @ts-check
/**
 * The words that call a command: `snail bench path`.
 * @param {import("commander").Command} command
 * @returns {string}
 */
function pathOf(command) {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

module.exports = { pathOf };
