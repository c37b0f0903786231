const compiled = new Map<string, RegExp>();

/** Whether a text matches a pattern in which `*` stands for any text and `?` for one character. */
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
