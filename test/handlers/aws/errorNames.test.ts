import { expect } from "chai";

import { errorName } from "../../../handlers/aws/errorNames";

describe("errorName", () => {
  it("is the name of an error, and of nothing else", () => {
    expect(errorName(new RangeError("x"))).to.equal("RangeError");
    for (const thrown of ["text", undefined, null, {}]) expect(errorName(thrown)).to.equal("");
  });
});
