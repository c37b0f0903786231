import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Checks } from "./engine/checks";
import { checkLife, checkUpgrade } from "./engine/checkStack";
import { findPulumi } from "./engine/findPulumi";
import { ROOT } from "./engine/project";
import { policyPackOf } from "./engine/run";
import { layOutPreparedChange } from "./preview/preparedChange";
import { previewPullRequest } from "./preview/previewPullRequest";
import { runMain } from "./engine/runMain";

/** With this flag the expected text and the example in the docs are written instead of compared. */
const UPDATE = process.argv.includes("--update");

const EXPECTED = join(ROOT, "tools", "commands", "test", "engine", "fixtures", "pull-request.md");
const FIRST_RELEASE = join(ROOT, "tools", "commands", "test", "engine", "fixtures", "first-release.dev.json");
const DOCS = join(ROOT, "docs", "pull-requests.md");
const EXAMPLE = /(<!-- example: begin -->\n)[^]*(<!-- example: end -->)/;

/** Everything that needs the real CLI: both stacks' lives, an upgrade, the preview of a prepared pull request. */
async function main(): Promise<number> {
  findPulumi();
  const scratch = mkdtempSync(join(tmpdir(), "engine-"));
  const checks = new Checks();
  const policies = policyPackOf(ROOT);
  const target = (stack: string, name: string) => ({
    program: ROOT,
    folder: join(scratch, name),
    stack,
    ...(policies === undefined ? {} : { policies }),
  });
  try {
    await Promise.all([checkLife(checks, target("dev", "dev")), checkLife(checks, target("prod", "prod"))]);
    await Promise.all([
      checkUpgrade(checks, target("dev", "upgrade"), FIRST_RELEASE),
      checks.check("the offline preview of a prepared pull request", () => checkPullRequest(join(scratch, "change"))),
    ]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return checks.finish();
}

async function checkPullRequest(folder: string): Promise<void> {
  layOutPreparedChange(ROOT, folder);
  const { text } = await previewPullRequest({ root: folder, base: "main" });
  if (UPDATE) {
    writeFileSync(EXPECTED, text);
    const fenced = `\`\`\`\`markdown\n${text}\`\`\`\`\n`;
    writeFileSync(
      DOCS,
      readFileSync(DOCS, "utf8").replace(EXAMPLE, (_all, begin, end) => `${begin}${fenced}${end}`),
    );
    return;
  }
  const expected = readFileSync(EXPECTED, "utf8");
  const other = (a: string, b: string) => a.split("\n").filter((line) => !b.split("\n").includes(line));
  if (text !== expected)
    throw new Error(
      [
        "the text differs from tools/commands/test/engine/fixtures/pull-request.md (npm run engine:check -- --update writes it):",
        ...other(expected, text).map((line) => `- ${line}`),
        ...other(text, expected).map((line) => `+ ${line}`),
      ].join("\n"),
    );
}

runMain(main);
