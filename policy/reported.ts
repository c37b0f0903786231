import type { Finding, RuleConfiguration } from "./evaluate";
import { configuration } from "./packConfiguration";
import { rules } from "./rules";
import type { Rule } from "./rules/rule";
import { Suppressions } from "./suppression";
import entries from "./suppressions.json";

/** The pack as the engine runs it: every rule, as configured, without the findings that are suppressed. */
export function reported(): {
  rules: readonly Rule[];
  configuration: Record<string, RuleConfiguration>;
  isReported: (finding: Finding) => boolean;
} {
  const suppressions = new Suppressions(entries);
  return { rules, configuration: configuration(rules), isReported: (finding) => suppressions.isReported(finding) };
}
