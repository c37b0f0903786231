/** A pattern of texts, as a list of its characters; see {@link ANY_TEXT} and {@link ANY_CHARACTER}. */
export type Pattern = readonly (string | typeof ANY_TEXT | typeof ANY_CHARACTER)[];

/** Stands for any text, the empty one too: `*` of IAM. */
export const ANY_TEXT: unique symbol = Symbol("any text");
/** Stands for one character: `?` of IAM. */
export const ANY_CHARACTER: unique symbol = Symbol("any character");

/** The pattern that matches one text alone. */
export const literal = (text: string): Pattern => Array.from(text);
/** The pattern that matches every text. */
export const anything: Pattern = [ANY_TEXT];
/** The pattern of all texts that begin with one. */
export const beginningWith = (text: string): Pattern => [...literal(text), ANY_TEXT];
/** The pattern of all texts that end with one. */
export const endingWith = (text: string): Pattern => [ANY_TEXT, ...literal(text)];

/**
 * The pattern of a policy's resource or action: `*`, `?`, and policy variables. The value of a variable such as
 * `${aws:username}` is not known, so it may be any text; `${*}`, `${?}` and `${$}` stand for the character itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function iamPattern(text: string): Pattern {
  return text.split(/(\$\{[^}]*\}|[*?])/).flatMap((piece) => {
    if (piece === "*") return [ANY_TEXT];
    if (piece === "?") return [ANY_CHARACTER];
    if (/^\$\{[*?$]\}$/.test(piece)) return [piece.charAt(2)];
    return /^\$\{.*\}$/s.test(piece) ? [ANY_TEXT] : literal(piece);
  });
}

/** A set of texts: those that match a pattern of each list in `allOf`, and none in `noneOf`. */
export interface Texts {
  allOf: readonly (readonly Pattern[])[];
  noneOf: readonly Pattern[];
}

/** The texts of both sets. */
export const both = (...sets: readonly Texts[]): Texts => ({
  allOf: sets.flatMap(({ allOf }) => allOf),
  noneOf: sets.flatMap(({ noneOf }) => noneOf),
});

/** The texts that match one of some patterns. */
export const oneOf = (...patterns: readonly Pattern[]): Texts => ({ allOf: [patterns], noneOf: [] });

/**
 * A shortest text of a set; the answer is exact. Every pattern is followed as an automaton, all of them side by side.
 * @returns undefined when the set is empty
 *
 * @example
 * ```ts
 * example(both(oneOf(iamPattern("photos/*")), oneOf(iamPattern("*.jpg")))); // "photos/.jpg"
 * ```
 */
export function example({ allOf, noneOf }: Texts): string | undefined {
  const used = new Set([...allOf.flat(), ...noneOf].flat());
  const other = Array.from("xyz0123456789_").find((char) => !used.has(char)) ?? "\u{f8ff}";
  const seen = new Set<string>();
  let reached: Reached[] = [{ text: "", allOf: allOf.map((list) => list.map(start)), noneOf: noneOf.map(start) }];
  while (reached.length > 0) {
    const found = reached.find((each) => each.allOf.every((list) => list.some(accepts)) && !each.noneOf.some(accepts));
    if (found) return found.text;
    reached = reached
      .flatMap((each) => charactersAfter(each, other).map((char) => after(each, char)))
      .filter((each) => each.allOf.every((list) => list.some(({ places }) => places.length > 0)))
      .filter((each) => {
        const state = JSON.stringify([each.allOf, each.noneOf].flat(2).map(({ places }) => places));
        return seen.has(state) ? false : seen.add(state);
      });
  }
  return undefined;
}

/** The texts that follow a beginning, in the texts of a set that begin with it: the keys of a bucket, in a set of ARNs. */
export function behind(beginning: string, { allOf, noneOf }: Texts): Texts {
  const rest = (pattern: Pattern): Pattern[] => {
    const end = Array.from(beginning).reduce<readonly number[]>((places, char) => moved(pattern, places, char), [0]);
    return end.map((place) => pattern.slice(place));
  };
  return { allOf: allOf.map((list) => list.flatMap(rest)), noneOf: noneOf.flatMap(rest) };
}

/** A pattern, and the places in it that a text has reached. */
interface Automaton {
  pattern: Pattern;
  places: readonly number[];
}
interface Reached {
  text: string;
  allOf: readonly (readonly Automaton[])[];
  noneOf: readonly Automaton[];
}

const start = (pattern: Pattern): Automaton => ({ pattern, places: [0] });
const accepts = ({ pattern, places }: Automaton): boolean => reachable(pattern, places).includes(pattern.length);

function after({ text, allOf, noneOf }: Reached, char: string): Reached {
  const move = ({ pattern, places }: Automaton): Automaton => ({ pattern, places: moved(pattern, places, char) });
  return { text: text + char, allOf: allOf.map((list) => list.map(move)), noneOf: noneOf.map(move) };
}

/** The places of a pattern that one more character leads to. */
function moved(pattern: Pattern, places: readonly number[], char: string): readonly number[] {
  const next = reachable(pattern, places).flatMap((place) => {
    const at = pattern[place];
    if (at === ANY_TEXT) return [place];
    return at === ANY_CHARACTER || at === char ? [place + 1] : [];
  });
  return [...new Set(next)].sort((a, b) => a - b);
}

/** The places of a pattern with those behind each `ANY_TEXT`, which may stand for nothing. */
function reachable(pattern: Pattern, places: readonly number[]): number[] {
  const all = new Set(places);
  for (const place of all) if (pattern[place] === ANY_TEXT) all.add(place + 1);
  return [...all];
}

/** The characters that make a difference next; `other` stands for all that do not. */
function charactersAfter({ allOf, noneOf }: Reached, other: string): string[] {
  const next = [...allOf.flat(), ...noneOf].flatMap(({ pattern, places }) =>
    reachable(pattern, places).map((place) => pattern[place]),
  );
  return [...new Set([...next.filter((char) => typeof char === "string"), other])];
}

/** A pattern as IAM writes it. */
export const patternText = (pattern: Pattern): string =>
  pattern
    .map((char) => {
      if (char === ANY_TEXT) return "*";
      if (char === ANY_CHARACTER) return "?";
      return "*?$".includes(char) ? `\${${char}}` : char;
    })
    .join("");
