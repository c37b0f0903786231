/** Settings as Pulumi hands them to a program: a key without a namespace is the program's own. */
export function namespaced(config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `snail-images:${key}`, value]),
  );
}
