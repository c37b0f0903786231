import { expect } from "chai";
import { jsonOf, type PrivilegesReport, textOf } from "../../privileges/print";
import { callOf, grantOf, photos, policyOf, role } from "./support";

const empty: PrivilegesReport = {
  stack: "dev",
  grants: 2,
  calls: 3,
  denied: [],
  unused: [],
  excepted: [],
  stale: [],
  smallest: [],
  isComplete: true,
  nameOf: (arn) => (arn === role ? "WorkProcess" : arn),
};
const grant = grantOf("P", 0, "s3:GetObject", `${photos}/*`);
const full: PrivilegesReport = {
  ...empty,
  denied: [callOf("s3:PutObject", `${photos}/a`, [])],
  unused: [grant],
  excepted: [{ ...grant, actionPattern: "ec2:DescribeSubnets", reason: "because" }],
  stale: [{ ...grant, actionPattern: "ec2:DescribeVpcs", reason: "no more" }],
  smallest: [{ policy: policyOf("P", [{ Action: "s3:GetObject", Resource: "*" }]), smallest: undefined }],
};

describe("the report on privileges", () => {
  it("says where there is nothing to tell", () => {
    expect(textOf(empty).split("\n")).to.deep.equal([
      "Stack dev: 2 grants, 3 different calls.",
      "1. Calls that were denied: none",
      "2. Grants that no call used: none",
      "   Exceptions, each with its reason in the code: none",
      "3. Policies that could be smaller: none",
    ]);
  });

  it("has a table for each finding, and a diff for each policy", () => {
    expect(textOf(full).split("\n").slice(0, 17)).to.deep.equal([
      "Stack dev: 2 grants, 3 different calls.",
      "1. Calls that were denied:",
      "   caller       action        resource               why",
      "   WorkProcess  s3:PutObject  arn:aws:s3:::photos/a  because no policy",
      "2. Grants that no call used:",
      "   holder       policy  action        resource",
      "   WorkProcess  P       s3:GetObject  arn:aws:s3:::photos/*",
      "   Exceptions, each with its reason in the code:",
      "   holder       policy  action               reason",
      "   WorkProcess  P       ec2:DescribeSubnets  because",
      "   Stale exceptions: their grants are used, take the reason out of the code:",
      "   holder       policy  action            reason",
      "   WorkProcess  P       ec2:DescribeVpcs  no more",
      "3. Policies that could be smaller:",
      "",
      "--- WorkProcess, P, as declared",
      "+++ not needed",
    ]);
  });

  it("tells nothing of grants where a denial stopped the run", () => {
    const { denied } = full;
    expect(
      textOf({ ...empty, denied, isComplete: false })
        .split("\n")
        .slice(3),
    ).to.deep.equal([
      "   WorkProcess  s3:PutObject  arn:aws:s3:::photos/a  because no policy",
      "The run stopped there: grants that no call used are not told.",
    ]);
  });

  it("names holders as JSON, too", () => {
    const json = jsonOf(full) as Record<string, { name: string }[]>;
    for (const part of ["denied", "unused", "excepted", "stale", "smallest"])
      expect(
        json[part]!.map(({ name }) => name),
        part,
      ).to.deep.equal(["WorkProcess"]);
    expect(json).to.include({ stack: "dev", grants: 2, calls: 3 });
  });
});
