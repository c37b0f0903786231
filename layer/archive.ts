import * as pulumi from "@pulumi/pulumi";

import { buildLayer, type Architecture } from "./build";

/** The layer's content: a folder that is ready, or one that is built now for the functions' platform. */
export async function layerArchive(layer: {
  architecture: Architecture;
  folder?: string;
}): Promise<pulumi.asset.Archive> {
  return new pulumi.asset.FileArchive(layer.folder ?? (await buildLayer(layer.architecture)));
}
