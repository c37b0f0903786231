import { expect } from "chai";
import { Suppressions } from "../suppression";

const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const urn = "urn:pulumi:dev::shop::shop:index:Store$aws:s3/bucket:Bucket::photos-dev";
const entry = {
  rule: "s3-versioning",
  urn: "urn:pulumi:*::shop::*::photos-*",
  reason: "immutable",
  expires: "2027-01-01",
};
const today = new Date("2026-06-01");
const read = (changed: Partial<typeof entry>) => new Suppressions([{ ...entry, ...changed }], today);
const messages = (found: { message: string }[]) => found.map(({ message }) => message);

describe("a suppression", () => {
  it("covers findings of its rule on resources whose URN is like its pattern, part by part", () => {
    const covers = (pattern: string, rule = "s3-versioning") => !read({ urn: pattern }).isReported({ rule, urn });
    expect(covers(entry.urn)).to.equal(true);
    expect(covers(entry.urn, "s3-lifecycle")).to.equal(false);
    expect(covers("urn:pulumi:dev::shop::*Bucket::*")).to.equal(true);
    expect(covers("urn:pulumi:prod::shop::*::*")).to.equal(false);
    expect(covers("urn:pulumi:*::other::*::photos-*")).to.equal(false);
    expect(covers("urn:pulumi:*::shop::*::photos")).to.equal(false);
    expect(covers("urn:pulumi:*::shop::*::.*")).to.equal(false);
    expect(covers("*::*::*::*")).to.equal(true);
  });

  const unsound: [title: string, changed: Partial<typeof entry>, message: string][] = [
    ["without a reason", { reason: " " }, "has no reason"],
    ["on its day", { expires: "2026-06-01" }, "expired on 2026-06-01"],
    ["without a day", { expires: "some day" }, "has no day on which it expires"],
    ["that names no URN", { urn: "photos-*" }, "names no URN"],
  ];
  for (const [title, changed, message] of unsound)
    it(`${title} covers nothing, and is a mandatory finding`, () => {
      const suppressions = read(changed);
      expect(suppressions.isReported({ rule: entry.rule, urn })).to.equal(true);
      const [found, ...more] = suppressions.unsound(stack);
      expect(found).to.deep.include({ rule: "suppressions", kind: "violation", level: "mandatory", urn: stack });
      expect(found?.message).to.include(`suppression of s3-versioning on ${changed.urn ?? entry.urn}: ${message}`);
      expect([...more, ...suppressions.unused(stack)]).to.deep.equal([]);
    });

  it("that is not needed is a mandatory finding, until it covers one", () => {
    const suppressions = read({});
    expect(messages(suppressions.unused(stack))).to.deep.equal([
      `suppression of s3-versioning on ${entry.urn}: takes no finding away; remove it`,
    ]);
    suppressions.isReported({ rule: entry.rule, urn });
    expect(suppressions.unused(stack)).to.deep.equal([]);
  });

  it("of another stack or project is left alone", () => {
    for (const other of ["urn:pulumi:prod::shop::*::*", "urn:pulumi:*::billing::*::*"]) {
      expect(read({ urn: other }).unused(stack)).to.deep.equal([]);
      expect(read({ urn: other, reason: "" }).unsound(stack)).to.deep.equal([]);
    }
  });
});
