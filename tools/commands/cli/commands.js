// @ts-check
/** Every command, in the order of the help. Each adds itself to the program that it is given. */
const commands = [
  require("../start/command"),
  ...require("../images/command"),
  require("../engine/command").preview,
  require("../engine/command").up,
  require("../engine/command").destroy,
  require("../pull-request/command"),
  require("../faults/command"),
  require("../soak/command"),
  require("../hostile/command"),
  require("../pictures/command"),
  require("../verify/command"),
  ...require("../operate/command"),
  require("../redrive/command"),
  require("../backfill/command"),
  require("../privileges/command"),
  require("../cost/command"),
  require("../capacity/command"),
  require("../bench/command"),
  require("../policy/command"),
  require("../openapi/command"),
  require("../engine/maintenance"),
];

module.exports = { commands };
