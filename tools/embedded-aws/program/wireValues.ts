import * as pulumi from "@pulumi/pulumi";

import type { Inputs } from "../resourceType";

/**
 * Values as a Pulumi program sends them to its engine, as plain data: a secret is its value, an asset
 * `{ text }`, `{ path }` or `{ uri }`, an archive `{ assets }`, `{ path }` or `{ uri }`, a resource its id or URN.
 */
export function plainInputs(sent: Record<string, unknown>): Inputs {
  return Object.fromEntries(Object.entries(sent).map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value;
  const { [pulumi.runtime.specialSigKey]: signature, ...rest } = value as Record<string, unknown>;
  if (signature === pulumi.runtime.specialSecretSig) return plainValue(rest.value);
  if (signature === pulumi.runtime.specialResourceSig) return rest.id ?? rest.urn;
  for (const marker of ["__pulumiAsset", "__pulumiArchive"]) Reflect.deleteProperty(rest, marker);
  return plainInputs(rest);
}
