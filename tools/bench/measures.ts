import { readFileSync } from "node:fs";

/** User and system time of the whole process while `work` runs, in milliseconds. */
export async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
/** NaN of none. */
export const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** A line of a benchmark's table, by the heads of its columns; all lines of a table have the same. */
export type Row = Record<string, string | number>;

/** As a number, so that JSON has it as one. */
export const rounded = (value: number, decimals = 0): number => Number(value.toFixed(decimals));

/**
 * The most memory that this process had, MiB. Not by `resourceUsage()`, which on Linux begins with the peak of the process
 * that forked it.
 */
export function peakMiB(): number {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}
