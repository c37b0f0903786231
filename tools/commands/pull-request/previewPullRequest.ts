import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PolicyFinding, readEventLog } from "../engine/events";
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
  const policies = policyPackOf(root);
  const inBase = hasStack(base, stack) ? await bringUp(base, stack, folder, policies) : [];
  const file = join(folder, "events.json");
  const run = await runEngine("preview", ["--event-log", file, "--non-interactive"], {
    program: root,
    folder,
    stack,
    capture: true,
    ...(policies === undefined ? {} : { policies }),
  });
  const log = readEventLog(file);
  // A preview that fails before its first resource says why in its output only.
  if (run.code !== 0 && log.changes.length === 0)
    throw new Error(`The preview of stack ${stack} did not start:\n${run.output}`);
  return { stack, log, inBase, succeeded: run.code === 0 };
}

/** Makes the base's stack. @returns its findings under the change's policy pack, which refuses nothing here */
async function bringUp(
  program: string,
  stack: string,
  folder: string,
  policies: string | undefined,
): Promise<PolicyFinding[]> {
  mkdirSync(folder, { recursive: true });
  const [events, advisory] = [join(folder, "base-events.json"), join(folder, "advisory.json")];
  writeFileSync(advisory, JSON.stringify({ all: "advisory" }));
  const flags = ["--yes", "--skip-preview", "--non-interactive", "--event-log", events];
  const config = policies === undefined ? [] : ["--policy-pack-config", advisory];
  const options = { program, folder, stack, capture: true, ...(policies === undefined ? {} : { policies }) };
  const { code, output } = await runEngine("up", [...flags, ...config], options);
  if (code !== 0) throw new Error(`The base cannot be brought up as stack ${stack}:\n${output}`);
  return readEventLog(events).findings;
}
