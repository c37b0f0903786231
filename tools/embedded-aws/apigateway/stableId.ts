import { createHash } from "node:crypto";

/** Ten lower-case letters and digits, the same for the same name. */
export const stableId = (text: string): string =>
  BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)
    .toString(36)
    .slice(0, 10);
