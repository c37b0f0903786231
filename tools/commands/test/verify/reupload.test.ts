import { expect } from "chai";

import type { ImageStatus } from "../../../../handlers/protocol/rawImageGetProcess";
import { reupload } from "../../verify/checks/reupload";
import { ImageApiClient, type Answer } from "../../verify/imageApiClient";
import type { Observation } from "../../verify/session";
import type { Target } from "../../support/target";

const target = {
  uploadLimits: { acceptedFormats: ["jpeg"], maxBytes: 10_000, maxPixels: 10_000 },
} as unknown as Target;
const first = { generation: "1", id: "i", status: "READY" } as const;
const second = { ...first, generation: "2" };

/** An API that takes every upload, and tells these statuses one after the other. */
class ScriptedApi extends ImageApiClient {
  constructor(private readonly script: Partial<ImageStatus>[]) {
    super(target, "run");
  }

  override call(method: "GET" | "PUT" | "DELETE"): Promise<Answer> {
    const image = method === "GET" ? (this.script.shift() ?? {}) : {};
    return Promise.resolve({
      status: method === "PUT" ? 202 : 200,
      headers: new Headers(),
      text: "",
      image,
      error: {},
    });
  }
}

/** Every observation that was not as expected. */
async function wrong(script: Partial<ImageStatus>[]): Promise<Observation[]> {
  const seen: Observation[] = [];
  await reupload.run({
    target,
    api: new ScriptedApi(script),
    see: (observation) => void seen.push(observation),
    async wait(_, ask, done) {
      for (;;) {
        const answer = await ask();
        if (done(answer) || script.length === 0) return answer;
      }
    },
  });
  return seen.filter((observation) => observation.seen !== observation.expected);
}

describe("the check of a second upload", () => {
  const pending = { status: "PROCESSING", generation: "2" } as const;

  it("passes where the first image is served until the second is READY, with or without word of that", async () => {
    expect(await wrong([first, first, { ...first, pending }, second])).to.deep.equal([]);
  });

  it("fails where the first image is gone before that", async () => {
    const gone = { ...second, status: "PROCESSING" } as const;
    expect((await wrong([first, first, gone, second]))[0]).to.include({ expected: "READY", seen: "READY, PROCESSING" });
  });

  it("fails with the reason where the second image fails", async () => {
    const failed = { ...first, pending: { ...pending, status: "FAILED", reason: "Damaged." } } as const;
    expect(await wrong([first, failed])).to.have.nested.property("[0].detail", "Damaged.");
  });
});
