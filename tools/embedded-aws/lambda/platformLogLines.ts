import type { FunctionConfig } from "./functionConfig";
import type { Outcome } from "./executionEnvironment";

/** The lines that Lambda itself writes to a function's log, in the format that the function's logging configuration asks for. */
export const initLine = (config: FunctionConfig): string =>
  config.logFormat === "JSON"
    ? platformEvent("initStart", { initializationType: "on-demand", phase: "init", functionName: config.name })
    : `INIT_START Runtime Version: ${config.runtime.replace(/\.x$/, "").replace("nodejs", "nodejs:")}`;

export const startLine = (config: FunctionConfig, requestId: string): string =>
  config.logFormat === "JSON"
    ? platformEvent("start", { requestId, version: "$LATEST" })
    : `START RequestId: ${requestId} Version: $LATEST`;

/**
 * END and REPORT.
 * @param initMs set for the first invocation of an environment only
 */
export function reportLines(config: FunctionConfig, requestId: string, outcome: Outcome, initMs?: number): string[] {
  const durationMs = outcome.status === "timeout" ? config.timeoutSeconds * 1000 : outcome.durationMs;
  const billedMs = Math.ceil(durationMs + (initMs ?? 0));
  if (config.logFormat === "JSON") {
    const metrics = {
      durationMs: Number(durationMs.toFixed(3)),
      billedDurationMs: billedMs,
      memorySizeMB: config.memoryMb,
      maxMemoryUsedMB: outcome.maxMemoryMb,
      ...(initMs === undefined ? {} : { initDurationMs: Number(initMs.toFixed(3)) }),
    };
    return [platformEvent("report", { requestId, status: outcome.status, metrics })];
  }
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${config.memoryMb} MB`,
    `Max Memory Used: ${outcome.maxMemoryMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(outcome.status === "timeout" ? ["Status: timeout"] : []),
  ];
  return [`END RequestId: ${requestId}`, report.join("\t")];
}

function platformEvent(type: string, record: Record<string, unknown>): string {
  return JSON.stringify({ time: new Date().toISOString(), type: `platform.${type}`, record });
}
