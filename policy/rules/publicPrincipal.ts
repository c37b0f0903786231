import { placedStatements } from "../model/policies";
import { allowsEveryone, conditionOn } from "../model/policyDocument";
import { rule, type Rule } from "./rule";

const narrowingKeys = {
  type: "array",
  items: { type: "string" },
  default: [] as string[],
  description: "Condition keys that narrow principal * enough, such as aws:PrincipalOrgID",
} as const;

/** Declares the rule that no policy of some types of resource allows everyone. */
export function publicPrincipal(declared: Omit<Rule, "level" | "reads" | "settings" | "check">): Rule {
  return rule({
    ...declared,
    level: "mandatory",
    reads: "resource",
    settings: { narrowingKeys },
    *check(resource, _, settings) {
      for (const statement of placedStatements(resource, "resource")) {
        const narrowed = settings.narrowingKeys.some((key) => conditionOn(statement, key) !== undefined);
        if (allowsEveryone(statement) && !narrowed)
          yield {
            property: `${statement.property}: Principal`,
            value: "*",
            allowed: "roles, accounts or services by name",
          };
      }
    },
  });
}
