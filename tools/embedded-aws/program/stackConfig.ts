import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

/**
 * Reads the configuration of a stack from `Pulumi.<stack>.yaml`: keys with their namespace, values as Pulumi hands
 * them to a program, text as it is and everything else as JSON.
 *
 * @throws Error when there is no such stack, or when a value is encrypted: only Pulumi has the key
 */
export function readStackConfig(projectDir: string, stack: string): Record<string, string> {
  const stacks = readdirSync(projectDir).flatMap((file) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(file)?.[1] ?? []);
  if (!stacks.includes(stack)) {
    throw new Error(`there is no stack ${stack}; ${projectDir} has ${stacks.sort().join(", ") || "none"}`);
  }
  const file = join(projectDir, `Pulumi.${stack}.yaml`);
  const { config } = (parse(readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  const entries = Object.entries(config ?? {});
  const secrets = entries.filter(([, value]) => isSecret(value)).map(([key]) => key);
  if (secrets.length > 0) {
    throw new Error(`${file}: ${secrets.join(", ")} cannot be read here, because only Pulumi can decrypt secrets`);
  }
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** `secure: …`, alone or anywhere within. */
function isSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isSecret);
}
