import { expect } from "chai";
import { handlers } from "../world/deployedHandlers";
import { tryEveryOrder } from "../search/everyOrder";
import { tryEveryPair, tryEveryPoint } from "../search/everyCall";
import { allScenarios, scenarios } from "../search/scenarios";
import { search } from "../search/search";

/** Schedules of each scenario in the fixed set; `npm run faults` tries more. */
const SEEDS_PER_SCENARIO = 50;

describe("the fault search", function () {
  this.timeout(300_000);

  for (const scenario of scenarios) {
    it(`finds nothing in ${SEEDS_PER_SCENARIO} schedules of: ${scenario.title}`, async () => {
      const { findings, schedules } = await search({ scenarios: [scenario], seeds: SEEDS_PER_SCENARIO, from: 0 });
      expect(findings.map(({ seed, detail }) => `seed ${seed}: ${detail}`)).to.deep.equal([]);
      expect(schedules).to.equal(SEEDS_PER_SCENARIO);
    });
  }

  for (const scenario of allScenarios.filter(
    ({ open, deadLetters }) => open?.includes("orphan") && deadLetters === undefined,
  )) {
    it(`finds orphans, and nothing that a client sees, in schedules of ${scenario.name}`, async () => {
      const { findings } = await search({ scenarios: [scenario], seeds: SEEDS_PER_SCENARIO, from: 0 });
      const others = findings.filter(
        ({ detail }) => !/no item refers to|, but .* is left|counts as cleared/.test(detail),
      );
      expect(others).to.deep.equal([]);
    });
  }

  it("kills a run before and after every port call in the handlers, and finds nothing", async () => {
    const { sites, violations } = await tryEveryPoint(handlers);
    expect(violations).to.deep.equal([]);
    expect(sites.filter(({ before, after }) => !before || !after)).to.deep.equal([]);
    expect(sites.length).to.be.greaterThan(30);
  });

  it("kills every pair of calls on the put path, and finds nothing", async () => {
    const { violations, schedules } = await tryEveryPair(handlers);
    expect(violations).to.deep.equal([]);
    expect(schedules).to.be.greaterThan(1000);
  });

  it("delivers up to five messages of a name in every order, and finds nothing", async () => {
    const { violations, schedules } = await tryEveryOrder(handlers);
    expect(violations).to.deep.equal([]);
    expect(schedules).to.be.greaterThan(1000);
  });

  it("stops where it is asked to, and keeps what it found", async () => {
    const result = await search({ scenarios, seeds: 1000, from: 0, pause: () => Promise.resolve(true) });
    expect(result.schedules).to.equal(200);
  });
});
