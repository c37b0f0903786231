/** What to show of the lines that functions log: everything, or what they have to say to a person. */
export function progressOf(group: string, line: string, verbose: boolean): string | undefined {
  if (verbose) return `${group} ${line}`;
  const { level, message, service, _aws: metrics } = asObject(line);
  if (metrics !== undefined || typeof message !== "string" || !shown.includes(String(level))) return undefined;
  const from = typeof service === "string" ? service : group;
  return `${new Date().toTimeString().slice(0, 8)} ${from.padEnd(34)} ${message}`;
}

const shown = ["INFO", "WARN", "ERROR", "CRITICAL"];

function asObject(line: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(line);
    return parsed instanceof Object ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {}; // not a structured line
  }
}
