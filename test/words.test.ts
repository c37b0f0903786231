import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

const root = join(__dirname, "..");
const places = ["*", "{account,client,components,docs,github-roles,handlers,layer,policy,test,tools}/**/*"];
const files = places
  .flatMap((place) => globSync(`${place}.{ts,js,mjs,cjs,md}`, { cwd: root }))
  // The history keeps its words, and this page names those that are refused.
  .filter((file) => file !== "CHANGELOG.md" && file !== "test/words.test.ts");

/** Wording that this project had and replaced, with plain words instead. */
const refused: [wording: RegExp, instead: string][] = [
  [/\b(nobody|somebody|whoever|whomever)\b/i, "name the party: a caller, a function, an operator"],
  [/\banew\b/i, '"again"'],
  [/(?<!\bthere )\b(is|are) no\b(?! longer| more)/i, '"is not a …", or "there is no …"'],
  [/^\s*(\/\*\*|\*|\/\/) What\b/, 'a noun: "The answer of …", not "What … answers"'],
];

describe("the words of comments, messages and documents", () => {
  it("are read from the product, the tools and the documents", () => {
    expect(files).to.include.members(["index.ts", "README.md", "docs/protocol.md", "tools/commands/snail.js"]);
    expect(files).to.include.members(["handlers/protocol/errors.ts", "tools/embedded-aws/s3/s3.ts"]);
  });

  for (const [wording, instead] of refused) {
    it(`avoid ${String(wording)}; better: ${instead}`, () => {
      const found = files.flatMap((file) =>
        readFileSync(join(root, file), "utf8")
          .split("\n")
          .flatMap((line, at) => (wording.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
      );
      expect(found).to.deep.equal([]);
    });
  }
});
