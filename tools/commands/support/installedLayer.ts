import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../../..");

/**
 * The folder of the functions' layer on this machine: what `npm ci` installed, in the shape that a layer has. On AWS it
 * is built for the functions' own platform.
 * @example
 * process.env.SNAIL_IMAGES_LAYER = installedLayer();
 */
export function installedLayer(): string {
  const folder = join(root, ".local", "layer");
  const modules = join(folder, "nodejs", "node_modules");
  if (!existsSync(modules)) {
    mkdirSync(join(folder, "nodejs"), { recursive: true });
    rmSync(modules, { force: true });
    try {
      symlinkSync(join(root, "node_modules"), modules, "junction");
    } catch (error) {
      if (!existsSync(modules)) throw error; // else another command made it meanwhile
    }
  }
  return folder;
}
