import { expect } from "chai";
import { conditionExpression, updateExpression } from "../../../handlers/aws/expressions";

describe("conditionExpression", () => {
  it("has a placeholder for every name and value", () => {
    const expression = conditionExpression([
      { attribute: "epoch", absent: true, oneOf: [0, 1] },
      { attribute: "sequencer", below: "05" },
      { attribute: "status", oneOf: ["READY"] },
    ]);
    expect(expression).to.deep.equal({
      text: "(attribute_not_exists(#epoch) OR #epoch IN (:when0_0, :when0_1)) AND #sequencer < :below1 AND #status IN (:when2_0)",
      names: { "#epoch": "epoch", "#sequencer": "sequencer", "#status": "status" },
      values: { ":when0_0": 0, ":when0_1": 1, ":below1": "05", ":when2_0": "READY" },
    });
  });

  it("is none without conditions", () => {
    expect(conditionExpression([])).to.be.undefined;
  });

  it("refuses a condition that asks for nothing", () => {
    expect(() => conditionExpression([{ attribute: "status" }])).to.throw('a condition on "status" needs');
    expect(() => conditionExpression([{ attribute: "status", oneOf: [] }])).to.throw('a condition on "status" needs');
  });
});

describe("updateExpression", () => {
  it("gathers the changes by verb", () => {
    const expression = updateExpression({
      set: { status: "READY", reason: undefined },
      setIfAbsent: { id: "1" },
      remove: ["deletedAt", "expiresAt"],
      sets: { superseded: { add: ["g1"] } },
    });
    expect(expression.text).to.equal(
      "SET #status = :status, #id = if_not_exists(#id, :id) REMOVE #deletedAt, #expiresAt ADD #superseded :superseded",
    );
    expect(expression.values).to.deep.equal({ ":status": "READY", ":id": "1", ":superseded": new Set(["g1"]) });
  });

  it("leaves sets alone when there is nothing to add or take", () => {
    expect(updateExpression({ set: { epoch: 1 }, sets: { superseded: { add: [], remove: [] } } })).to.deep.equal({
      text: "SET #epoch = :epoch",
      names: { "#epoch": "epoch" },
      values: { ":epoch": 1 },
    });
  });

  it("refuses to add to and take from the set at the same time, as DynamoDB would", () => {
    const both = () => updateExpression({ sets: { superseded: { add: ["a"], remove: ["b"] } } });
    expect(both).to.throw("cannot both add to and remove from");
  });
});
