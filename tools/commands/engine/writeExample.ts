import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewPullRequest } from "../pull-request/previewPullRequest";
import { layOutPreparedChange } from "./preparedChange";
import { ROOT } from "./project";

const EXPECTED = join(ROOT, "tools", "commands", "test", "engine", "fixtures", "pull-request.md");
const DOCS = join(ROOT, "docs", "pull-requests.md");
const EXAMPLE = /(<!-- example: begin -->\n)[^]*(<!-- example: end -->)/;

/** The preview's text for a prepared change of this tree, which is laid out in `folder`. */
export async function examplePreview(folder: string): Promise<string> {
  layOutPreparedChange(ROOT, folder);
  return (await previewPullRequest({ root: folder, base: "main" })).text;
}

/** Writes the example into the docs, and as what the engine's checks expect. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "example-"));
  try {
    const text = await examplePreview(join(folder, "change"));
    writeFileSync(EXPECTED, text);
    const fenced = `\`\`\`\`markdown\n${text}\`\`\`\`\n`;
    const docs = readFileSync(DOCS, "utf8");
    writeFileSync(
      DOCS,
      docs.replace(EXAMPLE, (_all, begin, end) => `${begin}${fenced}${end}`),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
