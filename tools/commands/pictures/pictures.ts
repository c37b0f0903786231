import { writeFileSync } from "node:fs";
import { hardenSharp } from "../../../handlers/image/safety";
import { cellsOf, type Cell } from "./checks";
import { pictures } from "./corpus";
import { contactSheet } from "./sheet";

/** `snail pictures`: 1 where a rendition is not as it must be. */
export async function run({ sheet }: { sheet?: string }): Promise<number> {
  hardenSharp();
  const rows: Cell[][] = [];
  let failed = 0;
  for (const picture of await pictures()) {
    const cells = await cellsOf(picture);
    rows.push(cells);
    for (const { rendition, problem } of cells) {
      if (problem === undefined) continue;
      failed += 1;
      console.log(`${picture.name}, ${rendition.spec.imageType}: ${problem}`);
    }
  }
  if (sheet !== undefined) writeFileSync(sheet, await contactSheet(rows));
  console.log(`${rows.flat().length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}
