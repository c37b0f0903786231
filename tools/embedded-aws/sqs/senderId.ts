import { createHash } from "node:crypto";
import type { Principal } from "../iam/principal";

/** The `SenderId` of a message: a unique id as IAM gives out, the same for the same sender. */
export function senderIdOf(principal: Principal): string {
  const id = createHash("sha256").update(principal.arn).digest("hex").slice(0, 16).toUpperCase();
  if (principal.kind === "role") return `AROA${id}:${principal.arn.split("/").pop() ?? ""}`;
  return `AIDA${id}`;
}
