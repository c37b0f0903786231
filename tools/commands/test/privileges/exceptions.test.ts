import { expect } from "chai";
import { withExceptions } from "../../privileges/exceptions";
import { grantOf, role } from "./support";

const reason = "Lambda's own service calls it";
const exception = { holder: role, policy: "P", actionPattern: "ec2:DescribeSubnets", reason };

describe("a grant with a reason to be unused", () => {
  const grant = grantOf("P", 0, "ec2:DescribeSubnets", "*");

  it("is an exception, and others are not", () => {
    const other = grantOf("P", 0, "ec2:DeleteNetworkInterface", "*");
    const elsewhere = grantOf("Other", 0, "ec2:DescribeSubnets", "*");
    expect(withExceptions([grant, other, elsewhere], [exception])).to.deep.equal({
      unused: [other, elsewhere],
      excepted: [{ ...grant, reason }],
      stale: [],
    });
  });

  it("that is used after all has a stale one", () => {
    expect(withExceptions([], [exception])).to.deep.equal({ unused: [], excepted: [], stale: [exception] });
  });
});
