import { rules } from "./rules";
import type { Rule } from "./rules/rule";

/** All rules of the pack and their settings, as two tables in Markdown. */
export function ruleTables(): string {
  return [...ruleTable(), "", ...settingTable(), ""].join("\n");
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

const cell = (text: string): string => (text === "" ? "none" : `\`${text}\``);
