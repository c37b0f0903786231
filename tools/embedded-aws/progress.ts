/** The line of progress for a line that a function logs: every line when verbose, else messages from INFO up. */
export function progressOf(group: string, line: string, verbose: boolean): string | undefined {
  if (verbose) return `${group} ${harmless(line)}`;
  const { level, message, service, error, _aws: metrics } = asObject(line);
  if (metrics !== undefined || typeof message !== "string" || !shown.includes(String(level))) return undefined;
  const from = typeof service === "string" ? service : group;
  return `${new Date().toTimeString().slice(0, 8)} ${from.padEnd(34)} ${harmless(message + causeOf(error))}`;
}

const shown = ["INFO", "WARN", "ERROR", "CRITICAL", "FATAL"];

/** An error beside the message, as loggers write it. */
function causeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { name, message } = error as { name?: unknown; message?: unknown };
  return typeof message === "string" ? ` (${typeof name === "string" ? name : "Error"}: ${message})` : "";
}

/** The text without control characters, which could control a terminal: it contains names that clients choose. */
function harmless(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function asObject(line: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(line);
    return parsed instanceof Object ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {}; // not a structured line
  }
}
