import { allBut, type Grant } from "./evaluate";
import { listOf, type HeldPolicy } from "./policyDocument";

/** A policy, and whether it belongs to a role that calls or to a resource that is called. */
export interface DeclaredPolicy extends HeldPolicy {
  source: Grant["source"];
}

/** Every pair of action and resource that policies allow, in their order. */
export function grantsOf(policies: readonly DeclaredPolicy[]): Grant[] {
  return policies.flatMap(({ source, holder, name, document }) =>
    listOf(document.Statement).flatMap((given, statement) => {
      if (given.Effect !== "Allow") return [];
      const actions = given.Action ?? allBut("NotAction", listOf(given.NotAction));
      // A trust policy is about its own role.
      const excluded = given.NotResource === undefined ? holder : allBut("NotResource", listOf(given.NotResource));
      const resources = given.Resource ?? excluded;
      return listOf(actions).flatMap((actionPattern) =>
        listOf(resources).map((resourcePattern) => ({
          source,
          holder,
          policy: name,
          statement,
          actionPattern,
          resourcePattern,
        })),
      );
    }),
  );
}
