import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "chai";
import { findPulumi } from "../../engine/findPulumi";
import { snail } from "./support";

/** The errors of a command are one message, without a stack trace. */
describe("a command that fails", function () {
  this.timeout(60_000);

  const wrong: [args: string, err: string][] = [
    [
      "start --faults flood=3",
      "snail start: faults must be like throttle=2,error=1,duplicate=10,kill=5,answer=1,lose=1,retry=1,concurrency=10 (percent of calls, " +
        "percent of calls, percent of messages, seconds, percent of calls, percent of notifications, seconds, functions; at most 100 percent, 86400 seconds and 1000 " +
        'functions); got "flood=3"',
    ],
    [
      "preview-pr --base nope",
      "snail preview-pr: --base nope: no such commit here; fetch it first (git fetch origin).",
    ],
  ];
  for (const [args, message] of wrong)
    it(`for a reason of its caller ends with 2: ${args}`, async () => {
      const { code, err } = await snail(args.split(" "));
      expect({ code, err }).to.deep.equal({ code: 2, err: `${message}\n` });
    });

  it("where the Pulumi CLI is missing says how to install it", async () => {
    const path = (process.env.PATH ?? "").split(":").filter((folder) => !existsSync(`${folder}/pulumi`));
    const { code, out, err } = await snail(["up"], { PATH: [dirname(process.execPath), ...path].join(":") });
    expect({ code, out }).to.deep.equal({ code: 1, out: "" });
    let install = "";
    try {
      findPulumi({ PATH: "/nowhere" });
    } catch (error) {
      install = (error as Error).message;
    }
    expect(err).to.equal(`snail up: ${install}\n`);
  });
});
