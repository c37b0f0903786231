const compiled = new Map<string, RegExp>();

/** True when a text matches a pattern in which `*` matches any text and `?` one character. */
export function globMatches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .split(/([*?])/)
      .map((part) => (part === "*" ? "[^]*" : part === "?" ? "[^]" : part.replace(/[\\^$.|+()[\]{}]/g, "\\$&")));
    expression = new RegExp(`^${source.join("")}$`, "u");
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
