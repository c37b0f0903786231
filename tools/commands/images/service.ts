import { join } from "node:path";

import { ImageClient, type Auth } from "../../../client";
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
export function serviceOf({ stack, data }: ServiceFlags): { target: Target; images: ImageClient } {
  const target = stack === undefined ? localTarget("dev", data ?? join(root, ".local", "dev")) : deployedTarget(stack);
  return { target, images: new ImageClient({ url: target.apiUrl, auth: authOf(target) }) };
}

function authOf(target: Target): Auth | undefined {
  switch (target.apiAuth) {
    case "iam":
      return { region: target.region, keys: () => target.keys() };
    case "cognito":
      return { token: target.idToken ?? "" };
    case "none":
      return undefined;
  }
}
