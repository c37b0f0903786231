import type { Declared } from "../cost/declared";
import type { Change } from "../engine/events";

/** The resources of the stack as it is (`old`) or as it would be (`new`). */
export function declaredOn(side: "old" | "new", changes: readonly Change[]): Declared[] {
  return changes.flatMap(({ type, name, [side]: state }) => (state ? [{ type, name, inputs: state.inputs }] : []));
}
