import { costDifferences } from "../cost/difference";
import { dataAtRisk, type Risk } from "../engine/dataAtRisk";
import type { Change, EventLog, PolicyFinding } from "../engine/events";
import { declaredOn } from "./declared";
import { differencesOf, type Difference, type Renames } from "./differences";
import { compareGrants, grantSentences } from "./grantChanges";
import { grantsOf } from "./grants";
import { bullet, code } from "./markdown";
import { renameOf } from "./physicalNames";
import { renderRenditionChanges } from "./renditionChanges";

/** The result of one stack's preview. */
export interface StackPreview {
  stack: string;
  log: EventLog;
  /** The policy findings that the base has already. */
  inBase: readonly PolicyFinding[];
  /** False when the engine refused: a protected resource, a policy, an error. */
  succeeded: boolean;
}

const HEADER = "Made offline, without an account: names, ids and ARNs are those of a rehearsal.";

/** The whole comment of a pull request, as Markdown. The same event logs give the same text. */
export function renderSummary(base: string, previews: readonly StackPreview[]): string {
  const parts = previews.flatMap((preview) => renderStack(preview));
  return `${[`# Preview against \`${base}\``, HEADER, ...parts].join("\n\n")}\n`;
}

function renderStack({ stack, log, inBase, succeeded }: StackPreview): string[] {
  const changed = log.changes.filter(({ op, type }) => op !== "same" && type !== "pulumi:pulumi:Stack");
  const renames = { old: renameOf(log.changes, "old"), new: renameOf(log.changes, "new") };
  return [
    `## Stack \`${stack}\``,
    renderCounts(log, changed),
    ...section("The engine refuses this change", succeeded ? [] : renderRefusal(log)),
    ...section("Data at risk", dataAtRisk(log.changes).map(renderRisk)),
    ...section("Permissions", renderGrants(log.changes)),
    ...section("Renditions", renderRenditionChanges(stack, log.changes)),
    ...section("Alarms, timeouts, sizes", renderSettings(changed, renames)),
    ...section("Cost", renderCosts(log.changes)),
    ...section("New policy findings", renderFindings(log.findings, inBase)),
    ...renderDetails(changed, renames),
  ];
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`### ${title}`, lines.join("\n")];
}

function renderCounts(log: EventLog, changed: readonly Change[]): string {
  if (changed.length === 0) return "No changes.";
  const ops: [Change["op"], string][] = [
    ["create", "to create"],
    ["update", "to update"],
    ["replace", "to replace"],
    ["delete", "to delete"],
    ["import", "to import"],
  ];
  const count = (op: string) => changed.filter((change) => change.op === op).length;
  const counts = ops.filter(([op]) => count(op) > 0).map(([op, words]) => `**${count(op)}** ${words}`);
  const unchanged = log.changes.filter(({ op, type }) => op === "same" && type !== "pulumi:pulumi:Stack").length;
  return [...counts, ...(unchanged > 0 ? [`${unchanged} unchanged`] : [])].join(", ");
}

const kindOf = (type: string): string => type.split(":").pop() ?? type;

function renderRisk({ type, name, id, op, forcedBy, isProtected }: Risk): string {
  const cause =
    op === "delete" ? "is deleted" : `is replaced by an empty one, forced by ${forcedBy.map(code).join(", ")}`;
  const outcome = isProtected ? "It is protected: the engine refuses." : "**What it holds is lost.**";
  return bullet(`${kindOf(type)} ${code(name)} (${code(id)}) ${cause}. ${outcome}`);
}

function renderGrants(changes: readonly Change[]): string[] {
  const compared = compareGrants(grantsOf(changes, "old"), grantsOf(changes, "new"));
  return grantSentences(compared).map(({ kind, text }) => bullet(`**${kind}**: ${text}`));
}

/** Values in alarms, and numbers and switches anywhere: what a reviewer weighs one by one. */
function renderSettings(changed: readonly Change[], renames: Renames): string[] {
  const rows = changed.flatMap((change) => {
    const isAlarm = change.type.includes("cloudwatch/");
    if (change.op === "create" || change.op === "delete")
      return isAlarm ? [row(change, change.op === "create" ? "new" : "removed", "", "")] : [];
    return differencesOf(change, renames)
      .filter(({ before, after }) => isAlarm || [before, after].some((value) => /^(-?[\d.]+|true|false)$/.test(value)))
      .map(({ path, before, after }) => row(change, path, before, after));
  });
  return rows.length === 0 ? [] : ["| resource | setting | base | this change |", "|---|---|---|---|", ...rows];
}

function row(change: Change, ...cells: string[]): string {
  const shown = cells.map((cell) => (cell === "" ? "" : code(cell.replace(/\|/g, "\\|"))));
  return `| ${[`${kindOf(change.type)} ${code(change.name)}`, ...shown].join(" | ")} |`;
}

/** At the prices and with the measurement that docs/cost.md explains; a new stack has nothing to compare with. */
function renderCosts(changes: readonly Change[]): string[] {
  const before = declaredOn("old", changes);
  if (before.length === 0) return [];
  const usd = (amount: number): string => `${amount.toFixed(2)} USD`;
  return costDifferences(before, declaredOn("new", changes)).map((each) =>
    bullet(`${each.what}: ${usd(each.before)} → ${usd(each.after)}`),
  );
}

function renderRefusal({ errors, findings }: EventLog): string[] {
  const broken = findings.some(({ level }) => level === "mandatory");
  return [...errors, ...(broken ? ["a mandatory policy is violated: see the policy findings"] : [])].map(bullet);
}

/** New findings, the mandatory ones first; those of the base are only counted. */
function renderFindings(findings: readonly PolicyFinding[], inBase: readonly PolicyFinding[]): string[] {
  const keyOf = ({ policy, urn, message }: PolicyFinding) => [policy, urn, message].join("\n");
  const known = new Set(inBase.map(keyOf));
  const added = findings.filter((finding) => !known.has(keyOf(finding)));
  const old = new Set(findings.map(keyOf).filter((key) => known.has(key))).size;
  const isMandatory = ({ level }: PolicyFinding) => level === "mandatory";
  const sorted = [...added.filter(isMandatory), ...added.filter((finding) => !isMandatory(finding))];
  const rest = old === 0 ? [] : [bullet(`${old} that the base has too`)];
  return [...new Set(sorted.map(renderFinding)), ...rest];
}

function renderFinding({ level, policy, urn, message }: PolicyFinding): string {
  const name = urn.split("::").pop() ?? "";
  return bullet(`**${level}** ${code(policy)}${name ? ` on ${code(name)}` : ""}: ${message.replace(/\s*\n\s*/g, " ")}`);
}

function renderDetails(changed: readonly Change[], renames: Renames): string[] {
  if (changed.length === 0) return [];
  const lines = changed.map((change) => {
    const title = `${change.op} ${change.type} ${code(change.name)}`;
    if (change.op === "create" || change.op === "delete") return bullet(title);
    const differences = differencesOf(change, renames);
    const what = differences.length === 0 ? "only follows what is replaced" : differences.map(renderOne).join(", ");
    return bullet(`${title}: ${what}`);
  });
  return [`<details><summary>Every resource that changes</summary>`, lines.join("\n"), "</details>"];
}

function renderOne({ path, before, after }: Difference): string {
  // Two hashes tell a reader nothing more than that the content differs.
  if (/^(archive|asset) /.test(before) && /^(archive|asset) /.test(after)) return code(path);
  return `${code(path)} ${code(before)} → ${code(after)}`;
}
