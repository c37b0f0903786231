import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewPullRequest } from "../pull-request/previewPullRequest";
import { layOutPreparedChange } from "./preparedChange";
import { ROOT } from "./project";

const EXPECTED = join(ROOT, "tools", "commands", "test", "engine", "fixtures", "pull-request.md");

/** The preview's text for a prepared change of this tree, which is laid out in `folder`. */
export async function examplePreview(folder: string): Promise<string> {
  layOutPreparedChange(ROOT, folder);
  return (await previewPullRequest({ root: folder, base: "main" })).text;
}

/** Writes the example as the engine's checks expect it, and docs/pull-requests.md links to it. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "example-"));
  try {
    writeFileSync(EXPECTED, await examplePreview(join(folder, "change")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
