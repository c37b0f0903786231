import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const INSTALL = `The Pulumi CLI was not found on PATH. Install it once, then open a new terminal:
  macOS    brew install pulumi/tap/pulumi
  Linux    curl -fsSL https://get.pulumi.com | sh
  Windows  winget install pulumi
No account and no login are needed: these commands keep their state in this folder's .local/engine.`;

/**
 * The Pulumi CLI's file on PATH.
 * @throws Error with the install commands of the main systems when it is missing
 */
export function findPulumi(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const path = environment.PATH ?? environment.Path ?? "";
  const names = platform === "win32" ? ["pulumi.exe", "pulumi.cmd"] : ["pulumi"];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const name of names) {
      const file = join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  throw new Error(INSTALL);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
