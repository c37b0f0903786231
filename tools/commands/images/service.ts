import { join } from "node:path";

import { ImageApi, type Answer } from "../support/imageApi";
import { deployedTarget, localTarget, type Target } from "../support/target";

/** The flags that tell which service a command is about. */
export interface ServiceFlags {
  /** Undefined: the service that runs here. */
  stack?: string;
  /** Its data folder. Default: `.local/dev`. */
  data?: string;
}

const root = join(__dirname, "../../..");

/** @throws Error where no service runs here, or the stack is not deployed */
export function serviceOf({ stack, data }: ServiceFlags): { target: Target; api: ImageApi } {
  const target = stack === undefined ? localTarget("dev", data ?? join(root, ".local", "dev")) : deployedTarget(stack);
  return { target, api: new ImageApi(target) };
}

/** The error that an answer tells. */
export const refusalOf = ({ status, error, text }: Answer): Error =>
  new Error(error.message ?? `the API answered ${status}: ${text.slice(0, 200)}`);
