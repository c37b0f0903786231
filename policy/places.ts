/**
 * A document with some of its parts made again: each stands between the comments `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @param file named by the error
 * @param kind of the parts: `table`
 * @throws Error when the place of a part is missing
 */
export function withParts(text: string, file: string, kind: string, parts: Record<string, string>): string {
  return Object.entries(parts).reduce((before, [name, part]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*(<!-- end of ${name} -->)`);
    if (!place.test(before)) throw new Error(`${file} has no place for the ${kind} of ${name}`);
    return before.replace(place, (_, start: string, end: string) => `${start}\n${part}\n\n${end}`);
  }, text);
}
