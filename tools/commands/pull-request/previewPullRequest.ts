import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEventLog } from "../engine/events";
import { policyPackOf, runEngine } from "../engine/run";
import { stacksOf } from "../support/stacks";
import { checkOutBase, hasStack } from "./baseTree";
import { renderSummary, type StackPreview } from "./summary";

export interface PullRequestOptions {
  /** The tree to preview, as it lies there. */
  root: string;
  /** A git reference: what the tree is compared with. */
  base: string;
  /** Default: every stack that the tree has settings for. */
  stacks?: readonly string[];
}

/**
 * Brings the base up in a scratch state, previews the tree against it, and says in Markdown what would change.
 * @throws WrongCall when the reference is unknown, Error when the base cannot be brought up
 */
export async function previewPullRequest(options: PullRequestOptions): Promise<{ text: string; succeeded: boolean }> {
  const scratch = mkdtempSync(join(tmpdir(), "preview-"));
  try {
    const base = join(scratch, "base");
    checkOutBase(options.root, options.base, base);
    const previews: StackPreview[] = [];
    for (const stack of options.stacks ?? stacksOf(options.root))
      previews.push(await previewStack(options.root, base, stack, join(scratch, stack)));
    return { text: renderSummary(options.base, previews), succeeded: previews.every(({ succeeded }) => succeeded) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function previewStack(root: string, base: string, stack: string, folder: string): Promise<StackPreview> {
  if (hasStack(base, stack)) {
    const flags = ["--yes", "--skip-preview", "--non-interactive"];
    const { code, output } = await runEngine("up", flags, { program: base, folder, stack, capture: true });
    if (code !== 0) throw new Error(`The base cannot be brought up as stack ${stack}:\n${output}`);
  }
  const file = join(folder, "events.json");
  const run = await runEngine("preview", ["--event-log", file, "--non-interactive"], {
    program: root,
    folder,
    stack,
    capture: true,
    policies: policyPackOf(root),
  });
  const log = readEventLog(file);
  // A preview that fails before its first resource says why in its output only.
  if (run.code !== 0 && log.changes.length === 0)
    throw new Error(`The preview of stack ${stack} did not start:\n${run.output}`);
  return { stack, log, succeeded: run.code === 0 };
}
