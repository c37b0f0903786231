import { expect } from "chai";
import { recordedChoices } from "../search/choices";
import { mutants } from "../mutants";
import { choicesOf, explainSeed, runSeed } from "../search/replay";
import { scenarioNamed, scenarios } from "../search/scenarios";
import { simulate } from "../search/runSchedule";
import { Trace } from "../world/trace";

async function traceOf(scenario: (typeof scenarios)[number], seed: number): Promise<string> {
  const trace = new Trace();
  await runSeed(scenario, seed, undefined, trace);
  return trace.lines.join("\n");
}

describe("a schedule", () => {
  for (const scenario of scenarios) {
    it(`of ${scenario.name} is the same, byte for byte, whenever its seed is run`, async () => {
      for (const seed of [0, 1, 2, 12345]) {
        const trace = await traceOf(scenario, seed);
        expect(trace.length).to.be.greaterThan(200);
        expect(await traceOf(scenario, seed)).to.equal(trace);
      }
    });
  }

  it("differs from seed to seed", async () => {
    const scenario = scenarioNamed("mixed");
    const traces = await Promise.all([0, 1, 2, 3].map((seed) => traceOf(scenario, seed)));
    expect(new Set(traces).size).to.equal(4);
  });

  it("is replayed by its decisions alone", async () => {
    for (const scenario of scenarios) {
      const choices = choicesOf(scenario, 7);
      const [first, second] = [new Trace(), new Trace()];
      await simulate(scenario, choices, { trace: first });
      await simulate(scenario, recordedChoices(choices.taken), { trace: second });
      expect(second.lines).to.deep.equal(first.lines);
    }
  });
});

describe("the explanation of a violation", () => {
  const upload = mutants.find(({ name }) => name === "record-any-epoch")!;
  const handlers = upload.load(() => undefined);
  const scenario = scenarioNamed("calm");
  /** The first seed that shows the mistake. */
  let seed = 0;
  before(async () => {
    while (!(await runSeed(scenario, seed, handlers)).violation) seed += 1;
  });

  it("names the seed, the invariant, the shortest schedule and the command that replays it", async () => {
    const lines = await explainSeed(scenario, seed, handlers);
    const invariant = (await runSeed(scenario, seed, handlers)).violation?.invariant ?? "none";
    expect(lines[0]).to.match(new RegExp(`^scenario calm, seed ${seed}: `));
    expect(lines[1]).to.include(`VIOLATION of ${invariant}: `);
    expect(lines.at(-1)).to.equal(`replay: npm run faults -- --scenario calm --replay ${seed}`);
    expect(lines.some((line) => /RawImagePutProcess#\d+ +images\.copy\(raw\/.*\.jpg/.test(line))).to.equal(true);
    expect(lines.at(-2)).to.include(`VIOLATION ${invariant}: `);
  });

  it("shows a schedule that is shorter than the seed's own", async () => {
    const lines = await explainSeed(scenario, seed, handlers);
    const { steps } = await runSeed(scenario, seed, handlers);
    const last = Number(/^ *(\d+)/.exec(lines.at(-2) ?? "")?.[1]);
    expect(last).to.be.greaterThan(3).and.lessThan(steps);
  });

  it("is the whole trace without a violation", async () => {
    const lines = await explainSeed(scenario, 1);
    expect(lines.at(-1)).to.match(/^no violation in \d+ steps$/);
  });
});
