/**
 * Measures what the policy pack adds to a preview of a stack: its rules on the recorded resources, beside the program
 * that declares them. The engine's own share, the start of the pack's process, is measured by `time npm run preview`.
 */
import { judge } from "../../../policy/judge";
import { graphOfRecorded } from "../../../policy/recorded";
import { median } from "../support/median";
import { recordedStack } from "./recordedStack";

/** `snail bench policy` */
export async function run({ runs }: { runs: number }): Promise<void> {
  console.log("| stack | resources | program, s | pack, s (median) |\n|---|---|---|---|");
  for (const stack of ["dev", "prod"]) {
    const start = performance.now();
    const resources = await recordedStack(stack);
    const program = performance.now() - start;
    const pack: number[] = [];
    for (let i = 0; i < runs; i++) {
      const before = performance.now();
      await judge(graphOfRecorded(resources));
      pack.push(performance.now() - before);
    }
    const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
    console.log(`| ${stack} | ${resources.length} | ${seconds(program)} | ${seconds(median(pack))} |`);
  }
}
