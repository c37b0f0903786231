import * as pulumi from "@pulumi/pulumi";

import { buildLayer, type Architecture } from "./build";

/** The layer's content: a folder that is ready, or one that is built now for the functions' platform. */
export async function layerArchive(layer: {
  architecture: Architecture;
  folder?: string;
}): Promise<pulumi.asset.Archive> {
  if (layer.folder !== undefined) return new pulumi.asset.FileArchive(layer.folder);
  try {
    return new pulumi.asset.FileArchive(await buildLayer(layer.architecture));
  } catch (error) {
    // Pulumi shows a RunError without a stack trace.
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
}
