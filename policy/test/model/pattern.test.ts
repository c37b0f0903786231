import { expect } from "chai";
import fc from "fast-check";

import {
  beginningWith,
  behind,
  both,
  endingWith,
  example,
  iamPattern,
  literal,
  oneOf,
  type Texts,
} from "../../model/pattern";

const set = (allOf: string[][], noneOf: string[] = []): Texts => ({
  allOf: allOf.map((list) => list.map(iamPattern)),
  noneOf: noneOf.map(iamPattern),
});

describe("sets of texts", () => {
  const cases: [string, Texts, string | undefined][] = [
    ["a text", set([["abc"]]), "abc"],
    ["any text", set([["*"]]), ""],
    ["two patterns that meet", set([["in/*"], ["*.jpg"]]), "in/.jpg"],
    ["a prefix and a suffix that overlap", both(oneOf(beginningWith("aba")), oneOf(endingWith("ab"))), "abab"],
    ["two prefixes, one inside the other", set([["in/*"], ["in/photos/*"]]), "in/photos/"],
    ["two prefixes apart", set([["in/*"], ["out/*"]]), undefined],
    [
      "one of several",
      set([
        ["a/*", "b/*"],
        ["b/*", "c/*"],
      ]),
      "b/",
    ],
    ["one pattern without another", set([["in/*"]], ["in/raw/*"]), "in/"],
    ["a pattern inside one that is taken away", set([["in/raw/*"]], ["in/*"]), undefined],
    ["what two patterns leave of a third", set([["a*"]], ["a", "a?*"]), undefined],
    ["one character", set([["a?"], ["?b"]]), "ab"],
    ["a variable", set([["home/${aws:username}/*"], ["home/x/y"]]), "home/x/y"],
    ["an asterisk that stands for itself", set([["a${*}"], ["ab"]]), undefined],
    ["a literal with an asterisk", both(oneOf(literal("a*")), oneOf(iamPattern("ab"))), undefined],
    ["no pattern at all", { allOf: [[]], noneOf: [] }, undefined],
  ];
  for (const [description, texts, expected] of cases)
    it(`finds an example of ${description}`, () => expect(example(texts)).to.equal(expected));

  it("tells what follows a beginning", () => {
    const rest = (texts: Texts): string | undefined => example(behind("arn:photos/", texts));
    expect(rest(set([["arn:photos/in/*"]]))).to.equal("in/");
    expect(rest(set([["arn:*/in/?"]]))).to.equal("in/i");
    expect(rest(set([["*"]], ["arn:photos/*"]))).to.equal(undefined);
    expect(rest(set([["*"]], ["arn:photos"]))).to.equal("");
    expect(rest(set([["arn:other/*"]]))).to.equal(undefined);
  });

  it("agrees with regular expressions on all short texts", () => {
    const glob = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 4 });
    const letters = ["", "a", "b", "x"];
    const texts = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
    const matches = (pattern: string, text: string): boolean =>
      new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);
    const list = fc.array(glob, { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 3 }), fc.array(glob, { maxLength: 2 }), (allOf, noneOf) => {
        const isIn = (text: string): boolean =>
          allOf.every((some) => some.some((each) => matches(each, text))) &&
          !noneOf.some((each) => matches(each, text));
        const found = example(set(allOf, noneOf));
        if (found === undefined) expect(texts.filter(isIn)).to.deep.equal([]);
        else expect(isIn(found)).to.equal(true);
      }),
    );
  });
});
