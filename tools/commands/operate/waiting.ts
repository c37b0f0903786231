/** An upload that is not READY yet. */
export interface Waiting {
  name: string;
  /** `UPLOADED`: not taken in yet. */
  status: "UPLOADED" | "PROCESSING";
  /** When S3 stored it, ISO 8601 in UTC. */
  uploadedAt: string;
}

/** The one that was uploaded first. */
export function longest(all: readonly (Waiting | undefined)[]): Waiting | undefined {
  const [first] = all.filter((one) => one !== undefined).sort((a, b) => (a.uploadedAt < b.uploadedAt ? -1 : 1));
  return first;
}

const UNITS = { d: 86_400, h: 3600, min: 60, s: 1 };

/** A time span in its largest units, two at most: `5 s`, `3 min 5 s`, `1 h 5 min`, `2 d`. */
export function spanText(seconds: number): string {
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [unit, length] of Object.entries(UNITS)) {
    const amount = Math.floor(rest / length);
    rest %= length;
    if (amount > 0) parts.push(`${amount} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}
