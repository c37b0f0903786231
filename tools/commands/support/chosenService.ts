import { join } from "node:path";

import { quoted } from "./quoted";
import { deployedTarget, localTarget, type Target } from "./target";

/** The flags that tell which service a command is about. */
export interface ServiceFlags {
  /** Undefined: the service that runs here. */
  stack?: string;
  /** Its data folder. Default: `.local/dev`. */
  data?: string;
}

const root = join(__dirname, "../../..");

/** The data folder of the service that runs here. */
export const dataFolder = ({ data }: ServiceFlags): string => data ?? join(root, ".local", "dev");

/** @throws Error where no service runs here, or the stack is not deployed */
export const chosenTarget = (flags: ServiceFlags): Target =>
  flags.stack === undefined ? localTarget("dev", dataFolder(flags)) : deployedTarget(flags.stack);

/** The same flags for another command, with a space before them; empty where there are none. */
export const sameService = ({ stack, data }: ServiceFlags): string =>
  [
    ...(stack === undefined ? [] : [` --stack ${quoted(stack)}`]),
    ...(data === undefined ? [] : [` --data ${quoted(data)}`]),
  ].join("");
