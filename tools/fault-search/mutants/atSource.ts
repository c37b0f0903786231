import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch, parsePatch } from "diff";
import { isolatedHandlers } from "./isolatedHandlers";
import type { Mutant } from "./mutant";

const root = join(__dirname, "../../..");
/** How many lines of context may differ from the source. */
const FUZZ = 2;

/**
 * A mutant that changes the handlers' TypeScript source: a unified diff in `diffs/<name>.diff`, for what no port shows.
 * Neither its line numbers nor indentation matter, and two lines of context may differ, but for those beside an added line.
 */
export function atSource(about: Omit<Mutant, "load">): Mutant {
  return {
    ...about,
    load(strike) {
      strike();
      return isolatedHandlers(
        patchedSources(about.name, readFileSync(join(__dirname, `diffs/${about.name}.diff`), "utf8")),
      );
    },
  };
}

/** The sources that a unified diff changes, by path from the root. Throws where it does not apply, and names the mutant. */
export function patchedSources(
  mutant: string,
  diff: string,
  read = (file: string): string => readFileSync(join(root, file), "utf8"),
): Map<string, string> {
  const sources = new Map<string, string>();
  for (const patch of parsePatch(diff)) {
    const file = patch.newFileName?.replace(/^b\//, "") ?? "";
    const compareLine = (_: number, line: string | undefined, __: string, expected: string) =>
      line?.trim() === expected.trim();
    const patched = applyPatch(read(file), patch, { fuzzFactor: FUZZ, compareLine });
    if (patched === false) {
      throw new Error(
        `mutant "${mutant}" no longer applies to ${file}: write tools/fault-search/mutants/diffs/${mutant}.diff again`,
      );
    }
    sources.set(file, patched);
  }
  if (sources.size === 0) throw new Error(`mutant "${mutant}": its diff changes no file`);
  return sources;
}
