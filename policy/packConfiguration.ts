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
  const ofGroups = rules.flatMap(({ name, group }): [string, RuleConfiguration][] => {
    const level = pack.groups[group];
    return level === undefined ? [] : [[name, { enforcementLevel: level }]];
  });
  const names = new Set(rules.map(({ name }) => name));
  const unknown = Object.keys(pack.rules).find((name) => !names.has(name));
  if (unknown !== undefined) throw new Error(`configuration.json: there is no rule ${unknown}`);
  const merged = Object.fromEntries(ofGroups);
  for (const [name, own] of Object.entries(pack.rules)) merged[name] = { ...merged[name], ...own };
  return merged;
}
