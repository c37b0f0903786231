import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { gatherApart } from "../../start/gatherApart";

const packages = join(__dirname, "../../../../node_modules");
const url = "http://127.0.0.1:1";
const place = {
  accountId: "111122223333",
  region: "eu-central-1",
  partition: "aws" as const,
  awsUrl: url,
  apiUrl: url,
};

describe("a program in a process of its own", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "snail-images-apart-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (text: string) => {
    const program = join(folder, "index.js");
    writeFileSync(program, `const pulumi = require(${JSON.stringify(join(packages, "@pulumi/pulumi"))});\n${text}`);
    return gatherApart()({ program, project: "apart", stack: "dev", config: { "apart:word": "hello" }, place });
  };
  const problemOf = (text: string): Promise<string> =>
    run(text).then(
      () => "none",
      (error: unknown) => String(error),
    );

  it("gives its resources and outputs, as plain values", async () => {
    const { resources, outputs } = await run(`
      new pulumi.ComponentResource("my:own:Part", "part", { size: 3 });
      module.exports = { word: pulumi.secret(new pulumi.Config("apart").require("word")) };
    `);
    expect(resources.map(({ type, name, given }) => ({ type, name, given }))).to.deep.equal([
      { type: "pulumi:pulumi:Stack", name: "apart-dev", given: {} },
      { type: "my:own:Part", name: "part", given: { size: 3 } },
    ]);
    expect(outputs).to.deep.equal({ word: "hello" });
  });

  it("throws what the program throws, with its message alone", async () => {
    expect(await problemOf('throw new Error("the configuration is wrong");')).to.equal(
      "Error: the configuration is wrong",
    );
  });

  it("says that the process ended", async () => {
    expect(await problemOf("process.exit(3);")).to.equal("Error: the program's process ended with 3");
    expect(await problemOf('process.kill(process.pid, "SIGKILL");')).to.equal(
      "Error: the program's process ended with SIGKILL",
    );
  });
});
