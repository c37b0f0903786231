import { expect } from "chai";

import { refusedKeys } from "../../cli/refusedKeys";
import type { Keys } from "../../support/environmentKeys";
import { BreakableRun } from "../verify/breakableRun";

describe("keys of AWS", function () {
  this.timeout(180_000);
  let service: BreakableRun;
  before(async function () {
    if (process.platform === "win32") this.skip(); // the stand-in for the Pulumi CLI is a shell script
    service = await BreakableRun.start();
  });
  after(() => service.close());

  const run = (keys: Partial<Keys>, call: string) => service.snail(keys, [...call.split(" "), "--stack", "dev"]);
  const todo = "log in again, for example with `aws sso login`, or set other keys\n";

  for (const call of ["status", "list", "redrive", "why photo.jpg", "logs", "backfill --dry-run"]) {
    const command = call.split(" ")[0] ?? "";

    it(`that are missing: snail ${command} says what to do`, async () => {
      const { code, out, err } = await run({}, call);
      expect({ code, out }).to.deep.equal({ code: 1, out: "" });
      expect(err).to.equal(
        `snail ${command}: AWS keys are needed, and were not found (Could not load credentials from any providers): ` +
          "log in, for example with `aws sso login`, and set AWS_PROFILE; or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n",
      );
    });

    it(`that are refused: snail ${command} says what to do, whichever service refuses`, async () => {
      const { owner } = service.run.cloud.iam;
      for (const keys of [
        { ...owner, accessKeyId: "AKIAUNKNOWNUNKNOWN12" },
        { ...owner, secretAccessKey: "wrong" },
      ]) {
        const { code, out, err } = await run(keys, call);
        expect({ code, out }).to.deep.equal({ code: 1, out: "" });
        expect(err).to.match(
          new RegExp(
            `^snail ${command}: AWS refuses the keys of the environment, which have expired or are wrong \\(.+\\): `,
          ),
        );
        expect(err.endsWith(todo), err).to.equal(true);
      }
    });
  }

  it("that have expired are told by the errors of each service, and other errors are not", () => {
    const named = (name: string, message: string) => Object.assign(new Error(message), { name });
    const errors = [
      named("ExpiredToken", "The provided token has expired."),
      named("ExpiredTokenException", "The security token included in the request is expired"),
      named("ImageServiceError", "The security token included in the request is expired"),
      new Error('logs answered 400: {"__type":"ExpiredTokenException","message":"The security token has expired"}'),
    ];
    expect(errors.map((error) => refusedKeys(error) !== undefined)).to.deep.equal(errors.map(() => true));
    expect(refusedKeys(named("AccessDenied", "User is not authorized to perform: s3:GetObject"))).to.equal(undefined);
  });
});
