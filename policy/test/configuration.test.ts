import { expect } from "chai";
import { configuration } from "../packConfiguration";
import { readSuppressions } from "../readSuppressions";
import { rules } from "../rules";

describe("the pack's configuration", () => {
  it("sets the level of a group, and of a rule before that of its group", () => {
    const levels = configuration(rules, {
      groups: { House: "disabled" },
      rules: { "house-batch-memory": { enforcementLevel: "advisory", memoryPerImageMiB: 100 } },
    });
    const house = rules.filter(({ group }) => group === "House").map(({ name }) => name);
    expect(levels).to.deep.equal({
      ...Object.fromEntries(house.map((name) => [name, { enforcementLevel: "disabled" }])),
      "house-batch-memory": { enforcementLevel: "advisory", memoryPerImageMiB: 100 },
    });
  });

  it("refuses a rule that does not exist", () => {
    const wrong = { groups: {}, rules: { "s3-versionning": {} } };
    expect(() => configuration(rules, wrong)).to.throw("configuration.json: there is no rule s3-versionning");
  });
});

describe("suppressions", () => {
  const entry = { rule: "s3-versioning", urn: "photos-*", reason: "immutable", expires: "2027-01-01" };
  const read = (changed: Partial<typeof entry>) =>
    readSuppressions([{ ...entry, ...changed }], new Date("2026-06-01"))[0]!;
  const urn = "urn:pulumi:dev::p::aws:s3/bucket:Bucket::photos-dev";

  it("cover findings of their rule on resources by logical name, or by the whole URN", () => {
    expect(read({}).covers({ rule: "s3-versioning", urn })).to.equal(true);
    expect(read({}).covers({ rule: "s3-lifecycle", urn })).to.equal(false);
    expect(read({ urn: "*bucket*" }).covers({ rule: "s3-versioning", urn })).to.equal(false);
    expect(read({}).covers({ rule: "s3-versioning", urn: urn.replace("photos", "temp-photos") })).to.equal(false);
    expect(read({ urn: "urn:pulumi:dev::*" }).covers({ rule: "s3-versioning", urn })).to.equal(true);
    expect(read({ urn: "urn:pulumi:prod::*" }).covers({ rule: "s3-versioning", urn })).to.equal(false);
  });

  it("need a reason, and end on their day", () => {
    expect(() => read({ reason: " " })).to.throw("s3-versioning on photos-* has no reason");
    expect(() => read({ expires: "2026-06-01" })).to.throw("s3-versioning on photos-* expired on 2026-06-01");
    expect(() => read({ expires: "some day" })).to.throw("expired on some day");
  });
});
