import { createHash } from "node:crypto";

import type { Inputs, ResourceType } from "../resourceType";

/** A resource of a program, and what decides its physical name. */
export interface Named {
  project: string;
  stack: string;
  /** Pulumi type token. */
  type: string;
  /** Logical name. */
  name: string;
  inputs: Inputs;
}

/**
 * The name that a resource gets when the program leaves it out: `<logical name>-<7 hex digits>`. The digits follow
 * from who the resource is and from the inputs that force its replacement, so that the name is the same in every run
 * and changes exactly when a new resource has to stand beside the old one.
 */
export function physicalName(of: Named, { autoname, replaceOn }: Pick<ResourceType, "autoname" | "replaceOn">): string {
  if (!autoname) throw new Error(`${of.type} has no name that could be filled in`);
  const forcing = replaceOn
    .filter((property) => property !== autoname.property)
    .sort()
    .map((property) => [property, of.inputs[property] ?? null]);
  const identity = JSON.stringify([of.project, of.stack, of.type, of.name, forcing]);
  const digits = createHash("sha256").update(identity).digest("hex").slice(0, 7);
  const given = autoname.prefixProperty === undefined ? undefined : of.inputs[autoname.prefixProperty];
  const prefix = typeof given === "string" ? given : `${of.name}-`;
  const name = prefix.slice(0, autoname.maxLength - digits.length) + digits;
  // S3 knows no capital letters.
  return of.type === "aws:s3/bucket:Bucket" ? name.toLowerCase() : name;
}
