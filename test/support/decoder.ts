import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DECODER_FILE } from "../../handlers/entries/resolutionBasedImagePutProcess";
import { decoderProgram } from "../../layer/decoder";

/** A folder with the decoder's program, as Lambda's task root has it. It is gone when this process ends. */
export function decoderFolder(program = decoderProgram()): string {
  const folder = mkdtempSync(join(tmpdir(), "snail-decoder-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, DECODER_FILE), program);
  process.env.NODE_PATH = join(__dirname, "../../node_modules"); // its packages
  return folder;
}
