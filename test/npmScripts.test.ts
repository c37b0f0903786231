import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

const root = join(__dirname, "..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

describe("npm run test:all", () => {
  it("runs every test file once, the longest first", () => {
    const patterns = [...(scripts["test:all"] ?? "").matchAll(/"([^"]+)"/g)].map(([, pattern = ""]) => pattern);
    const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root }));
    const all = ["policy/**/*.test.ts", "test/**/*.test.ts", "tools/**/*.test.ts"].flatMap((pattern) =>
      globSync(pattern, { cwd: root }),
    );
    expect(files.toSorted()).to.deep.equal(all.toSorted());
    expect(files[0]).to.match(/^test\/e2e\//);
  });
});
