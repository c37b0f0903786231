import { ImageClient, type Auth } from "../../../client";
import { chosenTarget, type ServiceFlags } from "../support/chosenService";
import type { Target } from "../support/target";

/** @throws Error where no service runs here, or the stack is not deployed */
export function serviceOf(flags: ServiceFlags): { target: Target; images: ImageClient } {
  const target = chosenTarget(flags);
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
