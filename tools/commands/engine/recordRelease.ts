import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ASSET, isRecord, SIGNATURE } from "../../embedded-aws/engine";
import { WrongCall } from "../support/wrongCall";
import { ROOT } from "./project";
import { runEngine } from "./run";
import { stateFile } from "./state";

const STACK = "dev";

/** Without the code of the functions, of which the hash says all that an upgrade needs. */
function slim(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slim);
  if (!isRecord(value)) return value;
  if (value[SIGNATURE] === ASSET) return { ...value, text: "(left out)" };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, slim(item)]));
}

/**
 * Writes the state that the program as it is makes into the folder of fixtures, for `npm run engine:check` to upgrade
 * from. To be run once for a release, and never to make a failing check pass.
 */
export async function run(_flags: unknown, release: string): Promise<void> {
  if (!/^[\w.-]+$/.test(release))
    throw new WrongCall(`release ${JSON.stringify(release)}: letters, digits, . and - only`);
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  try {
    const flags = ["--yes", "--skip-preview", "--non-interactive"];
    const { code, output } = await runEngine("up", flags, { program: ROOT, folder, stack: STACK, capture: true });
    if (code !== 0) throw new Error(output);
    const state = readFileSync(stateFile({ program: ROOT, folder, stack: STACK }), "utf8");
    // The layer's path is of no use elsewhere; the archive's hash tells the content.
    const portable = JSON.stringify(slim(JSON.parse(state))).replaceAll(ROOT, "/snail-images");
    writeFileSync(
      join(ROOT, "tools", "commands", "test", "engine", "fixtures", `${release}.${STACK}.json`),
      `${portable}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
