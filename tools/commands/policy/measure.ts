/**
 * Measures what the policy pack adds to a preview of a stack: its rules on the recorded resources, beside the program
 * that declares them. The engine's own share, the start of the pack's process, is measured by `time npm run preview`.
 */
import { judge } from "../../../policy/judge";
import { graphOfRecorded } from "../../../policy/recorded";
import type { Row } from "../bench/report";
import { median } from "../support/median";
import { recordedStack } from "./recordedStack";

/** `snail bench policy` */
export async function measure({ runs }: { runs: number }): Promise<Row[]> {
  const rows: Row[] = [];
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
    rows.push({
      stack,
      resources: resources.length,
      "program, s": seconds(program),
      "pack, s (median)": seconds(median(pack)),
    });
  }
  return rows;
}

const seconds = (milliseconds: number): number => Math.round(milliseconds / 10) / 100;
