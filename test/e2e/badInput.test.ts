import { expect } from "chai";

import { LocalService } from "../../tools/commands";
import { temporaryFolder } from "./support";

/** An answer's status, the error's code, and a part of its message: what was wrong and what is allowed. */
type Refused = [status: number, code: string, message: string];

describe("a request of a path that is wrong", function () {
  this.timeout(120_000);
  const data = temporaryFolder();
  let service: LocalService;
  before(async () => {
    service = await LocalService.start({ data });
  });
  after(() => service.stop());

  const errorOf = async (response: Response): Promise<[number, string, string]> => {
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    return [response.status, error.code, error.message];
  };
  function expectRefused([status, code, message]: [number, string, string], refused: Refused): void {
    expect([status, code]).to.deep.equal(refused.slice(0, 2));
    expect(message).to.include(refused[2]);
  }

  // API Gateway answers so before it calls a function.
  const notText = "is not percent-encoded UTF-8";
  const paths: [method: string, path: string, ...Refused][] = [
    ["GET", "/raw/%ff.jpg", 400, "BAD_REQUEST_PARAMETERS", notText],
    ["DELETE", "/raw/%e0%a4.jpg", 400, "BAD_REQUEST_PARAMETERS", notText],
    ["GET", "/images/small/%ff.jpg", 400, "BAD_REQUEST_PARAMETERS", notText],
    ["GET", `/raw/${"a".repeat(1025)}`, 400, "BadObjectName", "has 1025 bytes of UTF-8; 1 to 1024 are allowed"],
    ["GET", "/raw/unknown.jpg", 404, "NotFound", 'There is no image "unknown.jpg"'],
    ["DELETE", "/raw/unknown.jpg", 404, "NotFound", 'There is no image "unknown.jpg"'],
    ["GET", "/images/small/unknown.jpg", 404, "NotFound", 'There is no image "unknown.jpg"'],
    // API Gateway answers so where it has no method for a path.
    ["PATCH", "/raw/a.jpg", 403, "MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token"],
    ["GET", "/nowhere", 403, "MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token"],
  ];
  for (const [method, path, ...refused] of paths)
    it(`to ${method} ${path.slice(0, 40)} is told so`, async () => {
      expectRefused(await errorOf(await service.call(method, path)), refused);
    });

  it("without a signature, or with a wrong one, is told so", async () => {
    const { api } = service.endpoints;
    const unsigned = await errorOf(await fetch(`${api}/raw/a.jpg`));
    expectRefused(unsigned, [403, "MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token"]);
    const authorization = "AWS4-HMAC-SHA256 Credential=me";
    const wrong = await errorOf(await fetch(`${api}/raw/a.jpg`, { headers: { authorization } }));
    expectRefused(wrong, [403, "INVALID_SIGNATURE", "Authorization header requires"]);
  });
});
