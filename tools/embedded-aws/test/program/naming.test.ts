import { expect } from "chai";

import { physicalName, type Named } from "../../program/naming";

const queue = {
  autoname: { property: "name", maxLength: 20, prefixProperty: "namePrefix" },
  replaceOn: ["name", "fifo"],
};
const named = (more: Partial<Named> = {}): Named => ({
  project: "shop",
  stack: "dev",
  type: "aws:sqs/queue:Queue",
  name: "Orders",
  inputs: {},
  ...more,
});

describe("physicalName", () => {
  it("is the logical name and seven hex digits, the same every time", () => {
    expect(physicalName(named(), queue)).to.match(/^Orders-[0-9a-f]{7}$/);
    expect(physicalName(named(), queue)).to.equal(physicalName(named(), queue));
  });

  for (const [what, more] of [
    ["project", { project: "other" }],
    ["stack", { stack: "prod" }],
    ["type", { type: "aws:sns/topic:Topic" }],
    ["logical name", { name: "Order" }],
    ["input that forces replacement", { inputs: { fifo: true } }],
  ] as [string, Partial<Named>][]) {
    it(`differs for another ${what}`, () => {
      expect(physicalName(named(more), queue).slice(-7)).not.to.equal(physicalName(named(), queue).slice(-7));
    });
  }

  it("is the same whatever other inputs are, and whatever the name was", () => {
    const name = physicalName(named(), queue);
    expect(physicalName(named({ inputs: { delay: 5, name: "x" } }), queue)).to.equal(name);
  });

  it("is cut to the type's longest name without losing its digits", () => {
    const name = physicalName(named({ name: "ALongNameOfAQueueIndeed" }), queue);
    expect(name)
      .to.match(/^ALongNameOfAQ[0-9a-f]{7}$/)
      .and.to.have.lengthOf(20);
  });

  it("begins with the prefix that the program gives", () => {
    expect(physicalName(named({ inputs: { namePrefix: "jobs_" } }), queue)).to.match(/^jobs_[0-9a-f]{7}$/);
  });

  it("has no capital letters where it is a bucket's", () => {
    const type = "aws:s3/bucket:Bucket";
    expect(physicalName(named({ type }), queue)).to.match(/^orders-[0-9a-f]{7}$/);
  });

  it("is refused for a type without a name", () => {
    expect(() => physicalName(named(), { replaceOn: [] })).to.throw("aws:sqs/queue:Queue has no name");
  });
});
