import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { UsageError } from "./engine/findPulumi";
import { ROOT } from "./engine/project";
import { previewPullRequest } from "./preview/previewPullRequest";
import { runMain } from "./engine/runMain";

const USAGE = "usage: npm run preview:pr -- --base REF [--stack NAME]... [--out FILE]";

function readArguments(): { base: string; stacks?: string[]; out?: string } {
  try {
    const { values } = parseArgs({
      options: { base: { type: "string" }, stack: { type: "string", multiple: true }, out: { type: "string" } },
    });
    if (!values.base) throw new Error("--base is missing: a branch, tag or commit to compare with");
    return {
      base: values.base,
      ...(values.stack ? { stacks: values.stack } : {}),
      ...(values.out === undefined ? {} : { out: values.out }),
    };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

async function main(): Promise<number> {
  const { out, ...options } = readArguments();
  const { text, succeeded } = await previewPullRequest({ root: ROOT, ...options });
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  return succeeded ? 0 : 1;
}

runMain(main);
