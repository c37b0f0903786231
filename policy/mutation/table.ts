import type { Verdict } from "./mutation";

/** The mutants that no rule objects to, though one has to: `Queue uploads: visibilityTimeoutSeconds: not set, 0, 1`. */
export const survivors = (verdicts: readonly Verdict[]): string[] =>
  verdicts.filter(({ killedBy, beside }) => killedBy === undefined && beside === undefined).map(describe);

/**
 * The verdicts as text: mutants and killed ones by type of resource and place, the rules that killed them, the survivors,
 * and the mutants that no mandatory rule is about, with the reason.
 */
export function tableOf(verdicts: readonly Verdict[]): string {
  const counted = verdicts.filter(({ beside }) => beside === undefined);
  const killed = counted.filter(({ killedBy }) => killedBy !== undefined);
  const rows = [...Map.groupBy(counted, placeOf)].map(([place, all]) => {
    const by = [...new Set(all.map(({ killedBy }) => killedBy ?? "-"))].join(", ");
    return [place, `${all.filter(({ killedBy }) => killedBy !== undefined).length}/${all.length}`, by] as const;
  });
  const width = Math.max(0, ...rows.map(([place]) => place.length));
  const besides = [...Map.groupBy(verdicts, ({ beside }) => beside)].filter(([reason]) => reason !== undefined);
  return [
    ...rows.map(([place, count, by]) => `${place.padEnd(width)}  ${count.padStart(7)}  ${by}`),
    "",
    `${killed.length} of ${counted.length} mutants killed`,
    ...survivors(verdicts).map((each) => `survived: ${each}`),
    ...besides.map(([reason, all]) => `${all.length} are about no mandatory rule: ${reason}`),
    "",
  ].join("\n");
}

const typeOf = ({ mutant }: Verdict): string => mutant.resource.type.split(":").at(-1) ?? "";

/** Places that differ in names and numbers alone are one. */
function placeOf(verdict: Verdict): string {
  const { kind, place, forms } = verdict.mutant;
  const change = (forms[0]?.change ?? "").replace(/ arn:.*/, "");
  return [typeOf(verdict), place.replaceAll(/\d+/g, "*"), kind === "input" ? "" : change].filter(Boolean).join(" ");
}

function describe(verdict: Verdict): string {
  const { resource, place, forms } = verdict.mutant;
  const changes = forms.map(({ change }) => change).join(", ");
  return [`${typeOf(verdict)} ${resource.name}`, place, changes].filter(Boolean).join(": ");
}
