import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { examplePreview } from "../../engine/writeExample";
import { fixture, scratchFolder } from "./support";

describe("the offline preview of a prepared pull request", function () {
  this.timeout(600_000);
  const folder = scratchFolder();

  it("is the text that docs/pull-requests.md links to (npx snail engine example writes it)", async () => {
    const text = await examplePreview(join(folder, "change"));
    expect(text).to.equal(readFileSync(fixture("pull-request.md"), "utf8"));
  });
});
