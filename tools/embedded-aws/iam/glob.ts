const compiled = new Map<string, RegExp>();

/** One character that stands for itself: `${*}`, `${?}` or `${$}`. */
const ESCAPED = /\$\{([*?$])\}/g;

/** True when a text matches a pattern in which `*` matches any text and `?` one character; `${*}` is an asterisk. */
export function globMatches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .split(/(\$\{[*?$]\}|[*?])/)
      .map((part) =>
        part === "*" ? "[^]*" : part === "?" ? "[^]" : unescapeGlob(part).replace(/[\\^$.|+*?()[\]{}]/g, "\\$&"),
      );
    expression = new RegExp(`^${source.join("")}$`, "u");
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/** A pattern that matches one text alone. */
export const escapeGlob = (text: string): string => text.replace(/[*?$]/g, (character) => `\${${character}}`);

/** The text of a pattern in which no character is a wildcard. */
export const unescapeGlob = (pattern: string): string => pattern.replace(ESCAPED, "$1");
