import type { RuleConfiguration } from "./evaluate";
import configured from "./configuration.json";
import type { Group, Level, Rule } from "./rules/rule";

interface PackConfiguration {
  /** Level of all rules of a group: `{"House": "disabled"}` switches off those of this project's own architecture. */
  groups: Partial<Record<Group, Level | "disabled">>;
  /** Level and settings of single rules. */
  rules: Record<string, RuleConfiguration>;
}

/**
 * The configuration of each rule that `configuration.json` changes. The engine starts from it; `--policy-pack-config` goes
 * before it.
 */
export function configuration(
  rules: readonly Rule[],
  pack: PackConfiguration = configured,
): Record<string, RuleConfiguration> {
  const unknown = Object.keys(pack.rules).find((name) => !rules.some((rule) => rule.name === name));
  if (unknown !== undefined) throw new Error(`configuration.json: there is no rule ${unknown}`);
  const changed = rules.flatMap(({ name, group, level }): [string, RuleConfiguration][] => {
    const [ofGroup, own] = [pack.groups[group], pack.rules[name]];
    // The engine takes a configuration without a level for an advisory one.
    return ofGroup || own ? [[name, { enforcementLevel: ofGroup ?? level, ...own }]] : [];
  });
  return Object.fromEntries(changed);
}
