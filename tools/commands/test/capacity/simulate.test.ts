import { expect } from "chai";
import fc from "fast-check";
import { EventQueue } from "../../capacity/eventQueue";
import { lambdaScaling, type Load, type Scaling, simulate, type Stage } from "../../capacity/simulate";

const scaling: Scaling = { ...lambdaScaling, accountConcurrency: 1000 };
const stage = (change: Partial<Stage> = {}): Stage => ({
  name: "Function",
  batchSize: 1,
  maximumConcurrency: 1000,
  cpuMs: 100,
  waitMs: 0,
  coldMs: 0,
  ...change,
});
const load = (change: Partial<Load> = {}): Load => ({ rate: 1, burst: 0, seconds: 1, seed: 1, ...change });

describe("an event queue", () => {
  it("gives events by their time, those of one time in their order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const queue = new EventQueue<number>();
        for (const [order, at] of times.entries()) queue.add(at, order);
        const given: { at: number; event: number }[] = [];
        for (let next = queue.next(); next; next = queue.next()) given.push({ at: next.at, event: next.event });
        const sorted = times.map((at, event) => ({ at, event })).sort((a, b) => a.at - b.at || a.event - b.event);
        expect(given).to.deep.equal(sorted);
      }),
    );
  });
});

describe("a simulated stack", () => {
  it("finishes every upload", () => {
    const { uploads, stages } = simulate([stage(), stage()], load({ burst: 500, rate: 50, seconds: 10 }), scaling);
    expect(uploads).to.be.above(900);
    expect(stages).to.have.length(2);
  });

  it("gives the same result for the same seed, and another for another", () => {
    const of = (seed: number) => simulate([stage({ waitMs: 50 })], load({ rate: 20, seconds: 20, seed }), scaling);
    expect(of(7)).to.deep.equal(of(7));
    expect(of(7)).not.to.deep.equal(of(8));
  });

  it("keeps to a mapping's concurrency, and drains a burst at its rate", () => {
    const burst = load({ burst: 1000, rate: 1, seconds: 1 });
    const { stages, drainSeconds } = simulate([stage({ maximumConcurrency: 4 })], burst, scaling);
    expect(stages[0]?.peakConcurrency).to.equal(4);
    // 1,000 messages of 100 ms, four at a time.
    expect(drainSeconds).to.be.closeTo(25, 2);
  });

  it("lets the messages of a batch share a processor, and overlap their waits", () => {
    const burst = load({ burst: 1000, rate: 1, seconds: 1 });
    const drain = (change: Partial<Stage>) =>
      simulate([stage({ maximumConcurrency: 4, ...change })], burst, scaling).drainSeconds;
    expect(drain({ batchSize: 10 })).to.be.closeTo(25, 2);
    expect(drain({ cpuMs: 0, waitMs: 100, batchSize: 10 })).to.be.closeTo(2.5, 1);
  });

  it("begins with five batches, and adds 300 a minute", () => {
    const { stages } = simulate([stage({ cpuMs: 1000 })], load({ burst: 10_000, rate: 1, seconds: 1 }), scaling);
    // n seconds after the start there are 5 + 5 n batches: 10,000 messages of a second each take about 63 seconds.
    expect(stages[0]?.peakConcurrency).to.be.closeTo(320, 15);
  });

  it("keeps to the account's concurrency over all functions", () => {
    const few = { ...scaling, accountConcurrency: 20 };
    const { peakConcurrency } = simulate([stage(), stage()], load({ rate: 500, seconds: 10 }), few);
    expect(peakConcurrency).to.equal(20);
  });

  it("starts each execution environment once", () => {
    const one = simulate([stage({ coldMs: 1000, maximumConcurrency: 2 })], load({ rate: 10, seconds: 60 }), scaling);
    expect(one.stages[0]?.coldStarts).to.equal(2);
    expect(one.latencyP50).to.be.below(one.latencyP99);
  });

  it("creates no more environments in ten seconds than Lambda does", () => {
    const slow = { ...scaling, firstBatches: 1000, environmentsPerTenSeconds: 10 };
    const { stages } = simulate([stage({ cpuMs: 8_000 })], load({ burst: 30, rate: 1, seconds: 1 }), slow);
    // Ten at first, which are done after 8 seconds; ten more after ten.
    expect(stages[0]?.peakConcurrency).to.equal(20);
  });

  it("shares processors where there are few", () => {
    const shared = { ...scaling, processors: 2 };
    const { drainSeconds } = simulate([stage()], load({ burst: 200, rate: 1, seconds: 1 }), shared);
    expect(drainSeconds).to.be.closeTo(10, 2);
  });
});
