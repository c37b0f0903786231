/** A file as an attacker, or a broken client, sends it. */
export interface HostileFile {
  /** With the extension of its format. */
  name: string;
  body: () => Buffer | Promise<Buffer>;
  /** The answer that it must get; without it, any will do. */
  outcome?: "READY" | "REJECTED" | "FAILED" | "not READY";
  /** Whether the image types keep its frames. */
  animated?: boolean;
}

/** Makes entries of one format. */
export function filesOf(extension: string) {
  return (what: string, outcome: HostileFile["outcome"], body: HostileFile["body"]): HostileFile => ({
    name: `${what}.${extension}`,
    body,
    ...(outcome && { outcome }),
  });
}
