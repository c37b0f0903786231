// Loaded here, the functions stay the same objects when the program's own modules are loaded again.
import "../../handlers/entries/imageEventProcess";
import "../../handlers/entries/rawImageDeleteProcess";
import "../../handlers/entries/rawImageGetProcess";
import "../../handlers/entries/rawImageListProcess";
import "../../handlers/entries/rawImagePutProcess";
import "../../handlers/entries/resolutionBasedImageDeleteProcess";
import "../../handlers/entries/resolutionBasedImagePutProcess";
import "../../handlers/entries/sweepProcess";
import "../../handlers/entries/uploadProcess";

import { withKnownBundles } from "./knownBundles";
import { declareUncached, type Declared } from "./program";

const declared = new Map<string, Promise<Declared>>();

/**
 * The program's resources and outputs in one of its stacks, with some of the stack's configuration replaced. The
 * program runs once for each configuration, which takes seconds: tests only read the result.
 */
export function declareStack(stack: "dev" | "prod", config: Record<string, string> = {}): Promise<Declared> {
  const key = JSON.stringify([stack, config]);
  const known = declared.get(key) ?? withKnownBundles(() => declareUncached(stack, config));
  declared.set(key, known);
  return known;
}
