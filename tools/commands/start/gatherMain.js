// @ts-check
// A process of its own, so that Pulumi and the compiler leave the service's memory once the program has run.
require("../cli/typescript"); // the program must run under ts-node, whose functions Pulumi can serialise
require("@pulumi/pulumi");
require("@pulumi/aws");
const { gather } = require("../../embedded-aws");

/** @param {object} answer */
const answerWith = (answer) => process.send?.(answer, () => process.disconnect());

process.once("disconnect", () => process.exit());
process.once("message", (/** @type {import("../../embedded-aws").GatherOptions} */ options) => {
  gather(options).then(
    (gathered) => answerWith({ gathered }),
    (/** @type {unknown} */ error) => answerWith({ problem: error instanceof Error ? error.message : String(error) }),
  );
});
