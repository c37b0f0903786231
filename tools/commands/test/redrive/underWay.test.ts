import { expect } from "chai";

import { underWay } from "../../redrive/underWay";

describe("messages that are not dead letters yet", () => {
  it("are told of queues that have some", () => {
    const depth = { deadLetters: 1, waiting: 0, inFlight: 0 };
    expect(
      underWay([
        { ...depth, name: "A" },
        { ...depth, name: "B", inFlight: 2 },
        { ...depth, name: "C", waiting: 3 },
      ]),
    ).to.deep.equal([
      "B: 0 waiting, 2 in flight (at work, or failed and to be tried again)",
      "C: 3 waiting, 0 in flight (at work, or failed and to be tried again)",
    ]);
  });
});
