import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { clientDocument } from "../../openapi/clientDocument";
import { clientTypes } from "../../openapi/clientTypes";
import { root } from "../cli/support";

const file = join(root, "docs/openapi.json");

/** The names of the rules that a document breaks. */
async function findings(path: string): Promise<string[]> {
  const redocly = join(root, "node_modules/@redocly/cli/bin/cli.js");
  const config = join(root, "tools/commands/openapi/redocly.yaml");
  const env = { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const args = [redocly, "lint", "--format", "json", "--config", config, path];
  const run = promisify(execFile)(process.execPath, args, { cwd: root, env });
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
  return (JSON.parse(stdout) as { problems: { ruleId: string }[] }).problems.map(({ ruleId }) => ruleId);
}

interface Document {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content: Record<string, { example: unknown }> }> }>
  >;
}

describe("client/schema.ts", () => {
  it("has the types of the program's document: `npx snail openapi` writes it", async () => {
    expect(readFileSync(join(root, "client/schema.ts"), "utf8")).to.equal(await clientTypes());
  });
});

describe("docs/openapi.json", () => {
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  after(() => rmSync(folder, { recursive: true }));

  it("is that of the program: `npx snail openapi` writes it", () => {
    expect(JSON.parse(readFileSync(file, "utf8"))).to.deep.equal(clientDocument());
  });

  it("has nothing that only API Gateway reads, nor a stack's own names", () => {
    expect(JSON.stringify(clientDocument())).not.to.match(/x-amazon-|arn:/);
  });

  it("breaks none of the strict rules of tools/commands/openapi/redocly.yaml", async () => {
    expect(await findings(file)).to.deep.equal([]);
  });

  for (const [what, rule, change] of [
    ["an example is wrong", "no-invalid-media-type-examples", (json) => (json.example = { error: { code: 1 } })],
    ["an example has an unknown property", "no-invalid-media-type-examples", (json) => (json.example = { more: 1 })],
    [
      "an answer has no example",
      "rule/answers-have-examples",
      (json) => delete (json as { example?: unknown }).example,
    ],
    ["a status is missing", "rule/answers-are-complete", (_, responses) => delete responses["429"]],
  ] as [string, string, (json: { example: unknown }, responses: Record<string, unknown>) => unknown][])
    it(`would break ${rule} where ${what}`, async () => {
      const document = JSON.parse(readFileSync(file, "utf8")) as Document;
      const { responses } = document.paths["/raw/{object}"]!.get!;
      change(responses["404"]!.content["application/json"]!, responses);
      const path = join(folder, "broken.json");
      writeFileSync(path, JSON.stringify(document));
      expect(await findings(path)).to.include(rule);
    });
});
