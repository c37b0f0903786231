import { fork } from "node:child_process";
import { join } from "node:path";

import type { Gathered, GatherOptions } from "../../embedded-aws";

/** `gatherMain.js` sends one of these. */
type Answer = { gathered: Gathered } | { problem: string };

/**
 * Starts a process that can run one Pulumi program: what Pulumi and the TypeScript compiler fill would be marked by each
 * garbage collection of the service for as long as it runs. It loads both while its options are not known yet.
 * @returns runs the program; it throws an Error with the message that `gather` throws
 */
export function gatherApart(): (options: GatherOptions) => Promise<Gathered> {
  const child = fork(join(__dirname, "gatherMain.js"), { serialization: "advanced" });
  const answer = new Promise<Answer>((resolve) => {
    child.once("message", (message) => resolve(message as Answer));
    child.once("error", ({ message: problem }) => resolve({ problem }));
    child.once("exit", (code, signal) => resolve({ problem: `the program's process ended with ${code ?? signal}` }));
  });
  return async (options) => {
    if (child.connected) child.send(options);
    const given = await answer;
    if ("problem" in given) throw new Error(given.problem);
    return given.gathered;
  };
}
