import { expect } from "chai";

import { causeOf, namedError } from "../../../handlers/protocol/errors";

describe("causeOf", () => {
  it("groups errors by their name", () => {
    expect(causeOf(namedError("OriginalMissing", "a.jpg: gone"))).to.deep.equal({
      cause: "OriginalMissing",
      reason: "OriginalMissing: a.jpg: gone",
      poison: false,
    });
  });

  it("tells denials apart by what was denied", () => {
    const denied = Object.assign(new Error("User: x is not authorized to perform: s3:GetObject on resource: y"), {
      name: "AccessDenied",
    });
    expect(causeOf(denied)).to.include({ cause: "AccessDenied s3:GetObject", poison: false });
  });

  for (const name of ["PoisonMessage", "SyntaxError", "URIError"]) {
    it(`takes ${name} for poison`, () => {
      expect(causeOf(Object.assign(new Error("x"), { name }))).to.include({ cause: name, poison: true });
    });
  }

  for (const [thrown, reason] of [
    ["text", "Error: text"],
    [undefined, "Error: undefined"],
    [null, "Error: null"],
    [{ name: "n" }, "Error: [object Object]"],
  ] as const) {
    it(`has a cause for something that is not an error: ${reason}`, () => {
      expect(causeOf(thrown)).to.deep.equal({ cause: "Error", reason, poison: false });
    });
  }
});
