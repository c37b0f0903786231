import { evaluate, type EvaluateOptions, type Finding } from "./evaluate";
import type { Graph } from "./model/graph";
import { configuration } from "./packConfiguration";
import { rules } from "./rules";
import { Suppressions, type Suppression } from "./suppression";
import entries from "./suppressions.json";

/** The pack's verdict on a stack. */
export interface Verdict {
  /** Findings that no suppression takes away, and those about suppressions: expired, unused, without a reason. */
  findings: Finding[];
  /** How many findings suppressions take away. */
  suppressed: number;
}

export interface JudgeOptions {
  /** Goes before `configuration.json`, rule by rule, as `--policy-pack-config` does. */
  configured?: EvaluateOptions["configuration"];
  /** Default: those of `suppressions.json`. */
  suppressions?: readonly Suppression[];
}

/**
 * The whole pack on a stack, in this process: all rules, without what is suppressed.
 *
 * @example
 * ```ts
 * const { findings } = await judge(graphOfRecorded(resources));
 * ```
 */
export async function judge(graph: Graph, options: JudgeOptions = {}): Promise<Verdict> {
  const suppressions = new Suppressions(options.suppressions ?? entries);
  const all = await evaluate(graph, { rules, configuration: { ...configuration(rules), ...options.configured } });
  const findings = all.filter((finding) => suppressions.isReported(finding));
  const stack = graph.resources[0]?.urn ?? "";
  return {
    findings: [...suppressions.unsound(stack), ...findings, ...suppressions.unused(stack)],
    suppressed: all.length - findings.length,
  };
}
