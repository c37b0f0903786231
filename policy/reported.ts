import type { Finding, RuleConfiguration } from "./evaluate";
import { configuration } from "./packConfiguration";
import { readSuppressions } from "./readSuppressions";
import { rules } from "./rules";
import type { Rule } from "./rules/rule";

/** The pack as the engine runs it: every rule, as configured, without the findings that are suppressed. */
export function reported(): {
  rules: readonly Rule[];
  configuration: Record<string, RuleConfiguration>;
  isReported: (finding: Finding) => boolean;
} {
  const suppressions = readSuppressions();
  return {
    rules,
    configuration: configuration(rules),
    isReported: (finding) => !suppressions.some((each) => each.covers(finding)),
  };
}
