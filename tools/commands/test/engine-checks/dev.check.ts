import { expect } from "chai";
import { describeLife } from "./life";
import { stateOf } from "../../engine/state";
import { pulumi } from "./support";

/** CloudFront's own certificate is not among them: the policy pack objects to it. */
const delivering = {
  "snail-images:delivery": "cloudfront",
  "snail-images:deliveryDomain": "images.example.com",
  "snail-images:deliveryCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/c",
};

describeLife("dev", delivering, (target) => {
  it("has a distribution, and every resource that it needs", () => {
    const kinds = stateOf(target)
      .map(({ type }) => type)
      .filter((type) => type.startsWith("aws:cloudfront/"));
    expect(kinds).to.have.members([
      "aws:cloudfront/cachePolicy:CachePolicy",
      "aws:cloudfront/distribution:Distribution",
      "aws:cloudfront/originAccessControl:OriginAccessControl",
      "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    ]);
  });

  it("tells a bad setting without a stack trace", async () => {
    const { code, output } = await pulumi(target, "preview", "--config", "snail-images:apiAuth=perhaps");
    expect(code).to.not.equal(0);
    expect(output).to.match(/snail-images:apiAuth must be one of iam, cognito, none; got "perhaps"/);
    expect(output.split("\n").filter((line) => /^\s+at /.test(line))).to.deep.equal([]);
  });
});
