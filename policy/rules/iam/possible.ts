import { policiesOf, policyCarriers } from "../../model/policies";
import { rule } from "../rule";
import { refusedByReference } from "./serviceAuthorization";

export const possible = rule({
  name: "iam-possible",
  group: "IAM",
  ids: [],
  level: "mandatory",
  title: "Every statement means something to AWS: its actions exist, on such resources, with such conditions",
  reason: "A grant that AWS ignores fails when it is needed; a denial that it ignores protects nothing.",
  remedy: "Look the action up in the Service Authorization Reference.",
  types: policyCarriers("identity", "resource", "trust"),
  reads: "resource",
  async *check(resource) {
    const allowed = "what the Service Authorization Reference knows";
    for (const { property, statements } of policiesOf(resource)) {
      if (statements === undefined) yield { property, value: "not a policy", allowed: "JSON with statements" };
      for (const statement of statements ?? []) {
        if (statement.actions.length + statement.notActions.length === 0)
          yield { property, value: "a statement without actions", allowed };
        for (const value of await refusedByReference(statement)) yield { property, value, allowed };
      }
    }
  },
});
