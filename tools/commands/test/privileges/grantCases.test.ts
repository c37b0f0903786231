import { expect } from "chai";

import { casesOf, grantCases } from "../../privileges/grantCases";

describe("the cases of a stack's grants", () => {
  const traced = ["RawImagePutProcess XRayPolicy xray:PutTraceSegments"];

  it("are those of its way to deliver renditions", () => {
    expect(casesOf({ deliveryUrl: undefined, keys: traced })).to.deep.equal(grantCases.presigned);
    expect(casesOf({ deliveryUrl: "https://d.example.com", keys: traced })).to.deep.equal(grantCases.cloudfront);
  });

  it("have no traces where no function has rights to them", () => {
    const silent = Object.keys(casesOf({ deliveryUrl: undefined, keys: [] }));
    const all = Object.keys(grantCases.presigned);
    expect(silent).to.deep.equal(all.filter((key) => !key.includes("xray")));
    expect(all).to.have.lengthOf(silent.length + 2 * 9);
  });
});
