import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { root } from "../cli/support";

interface Operation {
  parameters?: object[];
  responses: Record<string, unknown>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties: Record<string, { enum?: string[]; maximum?: number }> }> };
}

describe("the comparison of the API with the last release", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  after(() => rmSync(folder, { recursive: true }));

  /** Exit code, and the names of the breaking changes. */
  async function compare(...documents: string[]): Promise<{ code: number; changes: string[] }> {
    const run = promisify(execFile)(join(root, ".ci/openapi-changes"), documents).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: unknown) => error as { code: number; stdout: string },
    );
    const { code, stdout } = await run;
    return { code, changes: [...stdout.matchAll(/\[([a-z-]+)\]/g)].map(([, name = ""]) => name) };
  }

  it("finds that today's document breaks no client of the release", async () => {
    expect(await compare()).to.deep.equal({ code: 0, changes: [] });
  });

  const changes: [string, string, (document: Document, get: Operation) => unknown][] = [
    ["a status is removed", "response-success-status-removed", (_, get) => delete get.responses["200"]],
    ["an error is removed", "response-non-success-status-removed", (_, get) => delete get.responses["410"]],
    [
      "a property of an answer is removed",
      "response-optional-property-removed",
      ({ components }) => delete components.schemas.Image!.properties.width,
    ],
    [
      "a parameter becomes required",
      "new-required-request-parameter",
      (_, get) => get.parameters!.push({ name: "version", in: "query", required: true, schema: { type: "string" } }),
    ],
    [
      "a limit is lowered",
      "request-property-max-decreased",
      ({ components }) => (components.schemas.PutRequest!.properties.bytes!.maximum = 1000),
    ],
    [
      "an image can have another status",
      "response-property-enum-value-added",
      ({ components }) => components.schemas.Image!.properties.status!.enum!.push("LOST"),
    ],
    ["an operation is removed", "api-removed-without-deprecation", ({ paths }) => delete paths["/raw/{object}"]!.get],
  ];
  for (const [what, name, change] of changes)
    it(`finds ${name} where ${what}`, async () => {
      const released = join(root, "docs/openapi.json");
      const document = JSON.parse(readFileSync(released, "utf8")) as Document;
      change(document, document.paths["/raw/{object}"]!.get!);
      const changed = join(folder, "openapi.json");
      writeFileSync(changed, JSON.stringify(document));
      const found = await compare(changed, released);
      expect(found.code).to.equal(1);
      expect(found.changes).to.include(name);
    });
});
