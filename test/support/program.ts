import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { gather, readStackConfig } from "../../tools/embedded-aws";
import { place, Stack } from "./pulumi";

const project = process.cwd();

export interface Declared {
  stack: Stack;
  outputs: Record<string, unknown>;
}

/** Runs the program in one of its stacks, with some of the stack's configuration replaced; functions are serialised each time. */
export async function declareUncached(stack: string, config: Record<string, string> = {}): Promise<Declared> {
  const layer = mkdtempSync(join(tmpdir(), "layer-"));
  mkdirSync(join(layer, "nodejs", "node_modules"), { recursive: true });
  const before = process.env.SNAIL_IMAGES_LAYER;
  process.env.SNAIL_IMAGES_LAYER = layer;
  try {
    const { resources, outputs } = await gather({
      program: join(project, "index.ts"),
      project: "snail-images",
      stack,
      place,
      config: { ...readStackConfig(project, stack), ...config },
    });
    return { stack: new Stack(resources), outputs };
  } finally {
    if (before === undefined) delete process.env.SNAIL_IMAGES_LAYER;
    else process.env.SNAIL_IMAGES_LAYER = before;
  }
}
