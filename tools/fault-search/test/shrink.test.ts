import { expect } from "chai";
import type { Choices, Decisions } from "../search/choices";
import { shrink } from "../search/shrink";

/** A simulation of three choices in each list, which fails as `failing` says. */
const attempt = (failing: (taken: Decisions) => boolean) => (choices: Choices) => {
  for (const stream of ["plan", "order", "faults"] as const) {
    for (let i = 0; i < 8; i++) choices.choose(stream, 10, () => 0);
  }
  return Promise.resolve({ fails: failing(choices.taken), steps: 24, taken: choices.taken });
};
const noisy = (): Decisions => ({
  plan: [1, 2, 3, 4, 5, 6, 7, 8],
  order: [8, 7, 6, 5, 4, 3, 2, 1],
  faults: [1, 1, 1, 1, 2, 1, 1, 1],
});

describe("shrinking", () => {
  it("leaves only what makes the schedule fail", async () => {
    const failing = ({ plan, faults }: Decisions) => plan.includes(3) && faults.includes(2);
    const { plan, order, faults } = await shrink(noisy(), attempt(failing));
    const set = (values: number[]) => values.filter((value) => value !== 0);
    expect([set(plan), set(order), set(faults)]).to.deep.equal([[3], [], [2]]);
  });

  it("gives up after a number of attempts, with the best so far", async () => {
    let attempts = 0;
    const failing = ({ plan }: Decisions) => {
      attempts += 1;
      return plan.includes(3);
    };
    const { plan } = await shrink(noisy(), attempt(failing), 4);
    expect(plan).to.include(3);
    expect(attempts).to.be.at.most(5);
  });

  it("refuses a schedule that does not fail", async () => {
    const outcome = await shrink(
      noisy(),
      attempt(() => false),
    ).catch((error: unknown) => String(error));
    expect(outcome).to.match(/does not fail/);
  });
});
