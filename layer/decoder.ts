import { join } from "node:path";
import { buildSync } from "esbuild";

import { dependencies } from "../package.json";

let text: string | undefined;

/**
 * The program of the process that decodes images (handlers/image/worker.ts) as one file of JavaScript. Packages come from
 * the layer, as those of the function do.
 */
export function decoderProgram(): string {
  const built = () =>
    buildSync({
      entryPoints: [join(__dirname, "../handlers/image/worker.ts")],
      bundle: true,
      platform: "node",
      target: "node24",
      external: Object.keys(dependencies),
      write: false,
    }).outputFiles[0]?.text ?? "";
  return (text ??= built());
}
