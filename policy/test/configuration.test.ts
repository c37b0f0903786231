import { expect } from "chai";
import { configuration } from "../packConfiguration";
import { rules } from "../rules";

describe("the pack's configuration", () => {
  it("sets the level of a group, and of a rule before that of its group", () => {
    const levels = configuration(rules, {
      groups: { House: "disabled" },
      rules: { "house-decoder-memory": { enforcementLevel: "advisory", decoderMemoryMiB: 100 } },
    });
    const house = rules.filter(({ group }) => group === "House").map(({ name }) => name);
    expect(levels).to.deep.equal({
      ...Object.fromEntries(house.map((name) => [name, { enforcementLevel: "disabled" }])),
      "house-decoder-memory": { enforcementLevel: "advisory", decoderMemoryMiB: 100 },
    });
  });

  it("keeps the level of a rule of which it changes a setting: the engine takes one without a level for advisory", () => {
    const changed = { groups: {}, rules: { "logs-retention": { leastDays: 30 }, "logs-a-year": { advisedDays: 90 } } };
    expect(configuration(rules, changed)).to.deep.equal({
      "logs-retention": { enforcementLevel: "mandatory", leastDays: 30 },
      "logs-a-year": { enforcementLevel: "advisory", advisedDays: 90 },
    });
  });

  it("refuses a rule that does not exist", () => {
    const wrong = { groups: {}, rules: { "s3-versionning": {} } };
    expect(() => configuration(rules, wrong)).to.throw("configuration.json: there is no rule s3-versionning");
  });
});
