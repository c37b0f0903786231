import { writeFileSync } from "node:fs";

import { ROOT } from "../engine/project";
import { previewPullRequest } from "./previewPullRequest";

/** The flags of `snail preview-pr`. */
export interface PreviewPrFlags {
  base: string;
  stack?: string[];
  out?: string;
}

/** Prints what this tree would change against the base; 1 when the engine refuses the change. */
export async function run({ base, stack: stacks, out }: PreviewPrFlags): Promise<number> {
  const { text, succeeded } = await previewPullRequest({ root: ROOT, base, ...(stacks ? { stacks } : {}) });
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  return succeeded ? 0 : 1;
}
