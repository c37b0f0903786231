import { createHash } from "node:crypto";

/** An IAM unique id, always the same for the same ARN: the prefix (`AROA` for roles) and 17 letters or digits. */
export function uniqueId(prefix: string, arn: string): string {
  const digits = BigInt(`0x${createHash("sha256").update(arn).digest("hex")}`).toString(36);
  return prefix + digits.toUpperCase().slice(0, 17);
}
