import { join } from "node:path";

import { type LocalRun, type LocalRunOptions, readStackConfig, startLocalRun } from "../../embedded-aws";
import { installedLayer } from "./installedLayer";

const root = join(__dirname, "../../..");

/**
 * Starts the service in this process: stack `dev` as it is configured, in an empty data folder, on free ports, silently.
 * @param data the folder; the caller removes it
 * @param options what is to be otherwise
 * @example
 * const run = await startHere(data, { faults: parseFaults("lose=100") });
 */
export async function startHere(data: string, options: Partial<LocalRunOptions> = {}): Promise<LocalRun> {
  const stack = options.stack ?? "dev";
  // The program reads it when it is gathered, and not after that.
  const before = process.env.SNAIL_IMAGES_LAYER;
  process.env.SNAIL_IMAGES_LAYER ??= installedLayer();
  try {
    return await startLocalRun({
      program: join(root, "index.ts"),
      project: "snail-images",
      stack,
      config: readStackConfig(root, stack),
      data,
      fresh: true,
      port: 0,
      verbose: false,
      announce: () => undefined,
      ...options,
    });
  } finally {
    if (before === undefined) delete process.env.SNAIL_IMAGES_LAYER;
  }
}
