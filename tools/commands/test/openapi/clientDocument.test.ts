import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { clientDocument } from "../../openapi/clientDocument";
import { root } from "../cli/support";

const file = join(root, "docs/openapi.json");

describe("docs/openapi.json", () => {
  it("is that of the program: `npx snail openapi` writes it", () => {
    expect(JSON.parse(readFileSync(file, "utf8"))).to.deep.equal(clientDocument());
  });

  it("has nothing that only API Gateway reads, nor a stack's own names", () => {
    expect(JSON.stringify(clientDocument())).not.to.match(/x-amazon-|arn:/);
  });

  it("is valid OpenAPI", async () => {
    const redocly = join(root, "node_modules/@redocly/cli/bin/cli.js");
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    await promisify(execFile)(process.execPath, [redocly, "lint", "--extends", "spec", file], { cwd: root, env });
  });
});
