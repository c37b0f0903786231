import { completeState } from "../../completion";
import type { Place } from "../../place";
import type { Inputs, ResourceType } from "../../resourceType";

/** The complete outputs of a resource, with its id. */
export function stateOf(
  types: Record<string, ResourceType>,
  token: string,
  resource: { name: string; inputs: Inputs; place: Place },
): { id: string } & Inputs {
  const type = types[token];
  if (type === undefined) throw new Error(`no type ${token}`);
  const { id, state } = completeState(token, type, resource);
  return { id, ...state };
}
