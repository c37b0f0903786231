import { expect } from "chai";
import { cachePolicyOf, distributionOf, headersPolicyOf, originAccessControlOf } from "../../cloudfront/declarations";
import { cloudfrontResourceTypes } from "../../cloudfront/resources";
import type { Inputs } from "../../resourceType";
import { testPlace } from "../support/aws";
import { stateOf } from "../support/stateOf";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";

describe("CloudFront resource types", () => {
  it("give a distribution AWS's domain, or the address of the local run", () => {
    const outputs = (edgeUrl?: string) =>
      stateOf(cloudfrontResourceTypes, DISTRIBUTION, { name: "d", inputs: {}, place: { ...testPlace(), edgeUrl } });
    const { id, arn, domainName } = outputs();
    expect(id).to.match(/^E[0-9A-Z]{13}$/);
    expect(arn).to.equal(`arn:aws:cloudfront::123456789012:distribution/${id}`);
    expect(domainName).to.equal(`d${id.toLowerCase()}.cloudfront.net`);
    expect(outputs()).not.to.have.property("region");
    expect(outputs("http://127.0.0.1:4002").domainName).to.equal("127.0.0.1:4002");
  });

  const declared = (state: Inputs) => ({ type: "aws:cloudfront/x:X", name: "x", inputs: {}, id: "ID", state });
  const none = {
    cookiesConfig: { cookieBehavior: "none" },
    headersConfig: { headerBehavior: "none" },
    queryStringsConfig: { queryStringBehavior: "none" },
  };
  const origin = { originId: "o", domainName: "b.s3.eu-central-1.amazonaws.com" };
  const behaviour = { targetOriginId: "o", viewerProtocolPolicy: "https-only", cachePolicyId: "C" };
  const distribution = {
    origins: [origin],
    defaultCacheBehavior: behaviour,
    restrictions: { geoRestriction: { restrictionType: "none" } },
  };

  const refused: [string, () => unknown, string][] = [
    [
      "an origin of another kind",
      () => originAccessControlOf(declared({ originAccessControlOriginType: "lambda" })),
      'originAccessControlOriginType "lambda"',
    ],
    [
      "a key with a query",
      () =>
        cachePolicyOf(
          declared({
            parametersInCacheKeyAndForwardedToOrigin: { ...none, queryStringsConfig: { queryStringBehavior: "all" } },
          }),
        ),
      'parametersInCacheKeyAndForwardedToOrigin.queryStringsConfig.queryStringBehavior "all"',
    ],
    [
      "another security header",
      () => headersPolicyOf(declared({ securityHeadersConfig: { frameOptions: {} } })),
      "securityHeadersConfig.frameOptions",
    ],
    [
      "a function at the edge",
      () =>
        distributionOf(declared({ ...distribution, defaultCacheBehavior: { ...behaviour, functionAssociations: [] } })),
      "defaultCacheBehavior.functionAssociations",
    ],
    [
      "an origin that is not a bucket",
      () => distributionOf(declared({ ...distribution, origins: [{ ...origin, domainName: "example.com" }] })),
      'origins "example.com"',
    ],
    [
      "countries",
      () =>
        distributionOf(
          declared({ ...distribution, restrictions: { geoRestriction: { restrictionType: "whitelist" } } }),
        ),
      'restrictions.geoRestriction.restrictionType "whitelist"',
    ],
  ];
  for (const [title, read, what] of refused) {
    it(`refuse ${title} by name`, () => {
      expect(read).to.throw(`The embedded AWS does not implement ${what} of aws:cloudfront/x:X x.`);
    });
  }
});
