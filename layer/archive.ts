import * as pulumi from "@pulumi/pulumi";

import { buildLayer, type Architecture } from "./build";

/** The layer's content: a folder that is ready, or one that is built now for the functions' platform. */
export async function layerArchive(layer: {
  architecture: Architecture;
  folder?: string;
}): Promise<pulumi.asset.Archive> {
  if (layer.folder !== undefined) return new pulumi.asset.FileArchive(layer.folder);
  /* c8 ignore start -- it installs packages for a minute; test/layer/build.test.ts covers buildLayer, the checks with the real engine this */
  try {
    return new pulumi.asset.FileArchive(await buildLayer(layer.architecture));
  } catch (error) {
    // Pulumi shows a RunError without a stack trace.
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
  /* c8 ignore stop */
}
