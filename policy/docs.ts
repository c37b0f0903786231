import { withParts } from "./places";
import suppressions from "./suppressions.json";
import { rules } from "./rules";
import type { Rule } from "./rules/rule";

/**
 * The text of docs/policy.md with its tables as the pack has them now: each between the comments `<!-- NAME -->` and
 * `<!-- end of NAME -->`.
 * @throws Error when a place for a table is missing
 */
export function withTables(text: string): string {
  const tables = { rules: ruleTable(), settings: settingTable(), suppressions: suppressionTable() };
  const parts = Object.entries(tables).map(([name, table]) => [name, table.join("\n")] as const);
  return withParts(text, "docs/policy.md", "table", Object.fromEntries(parts));
}

function ruleTable(): string[] {
  return [
    "| rule | | demand | public ids |",
    "|---|---|---|---|",
    ...[...Map.groupBy(rules, ({ group }) => group)].flatMap(([group, members]) => [
      `| **${group}** | | | |`,
      ...members.map(ruleRow),
    ]),
  ];
}

const ruleRow = ({ name, level, title, ids }: Rule): string =>
  `| \`${name}\` | ${level} | ${title} | ${ids.join(" ")} |`;

function settingTable(): string[] {
  const rows = rules.flatMap(({ name, settings = {} }) =>
    Object.entries(settings).map(
      ([setting, { description, default: value }]) =>
        `| \`${name}\` | \`${setting}\` | ${description} | ${cell(Array.isArray(value) ? value.join(", ") : String(value))} |`,
    ),
  );
  return ["| rule | setting | meaning | default |", "|---|---|---|---|", ...rows];
}

function suppressionTable(): string[] {
  const levels = new Map(rules.map(({ name, level }) => [name, level]));
  const rows = suppressions.map(
    ({ rule, urn, reason, expires }) =>
      `| \`${rule}\` | ${levels.get(rule) ?? ""} | \`${urn}\` | ${reason} | ${expires} |`,
  );
  return ["| rule | | resources | why it stays | until |", "|---|---|---|---|---|", ...rows];
}

const cell = (text: string): string => (text === "" ? "none" : `\`${text}\``);
