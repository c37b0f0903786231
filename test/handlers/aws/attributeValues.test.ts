import { expect } from "chai";
import { plainItem } from "../../../handlers/aws/attributeValues";

describe("plainItem", () => {
  it("translates every kind of value that the table holds", () => {
    expect(
      plainItem({
        text: { S: "a" },
        number: { N: "1.5" },
        flag: { BOOL: false },
        set: { SS: ["a", "b"] },
        list: { L: [{ N: "1" }, { M: { width: { N: "2" } } }] },
        nothing: { NULL: true },
      }),
    ).to.deep.equal({
      text: "a",
      number: 1.5,
      flag: false,
      set: new Set(["a", "b"]),
      list: [1, { width: 2 }],
      nothing: null,
    });
  });

  it("refuses other kinds, and names them", () => {
    expect(() => plainItem({ bytes: { B: Buffer.from("a") } })).to.throw(
      "attributes of this table are S, N, BOOL, SS, L, M or NULL; got B",
    );
  });
});
