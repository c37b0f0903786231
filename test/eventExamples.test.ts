import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import * as ts from "typescript";

const root = join(__dirname, "..");
const page = readFileSync(join(root, "docs/events.md"), "utf8");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(([, code = ""]) => code);

describe("docs/events.md", function () {
  this.timeout(180_000);

  it("has examples that compile, together as one program", () => {
    const file = join(root, "eventExamples.ts");
    const source = blocks("ts").join("\n");
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (name) => ts.sys.readFile(name)) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const host = ts.createCompilerHost({ ...options, noEmit: true });
    const withExamples: ts.CompilerHost = {
      ...host,
      getSourceFile: (name, languageVersion) =>
        name === file ? ts.createSourceFile(file, source, languageVersion) : host.getSourceFile(name, languageVersion),
    };
    const program = ts.createProgram([file], { ...options, noEmit: true, incremental: false }, withExamples);
    const faults = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
    expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).to.deep.equal([]);
    expect(blocks("ts")).to.have.length(3);
  });

  it("shows the queue that the end-to-end test listens to", () => {
    const tried = readFileSync(join(root, "test/e2e/eventQueueProgram.ts"), "utf8");
    expect(tried.slice(tried.indexOf("const heard"))).to.equal(blocks("ts")[1]);
  });

  it("has events that are JSON", () => {
    const [whole = "", others = ""] = blocks("json");
    const { detail } = JSON.parse(whole) as { detail: { renditions: unknown[] } };
    expect(detail.renditions).to.have.length(1);
    for (const line of others.trim().split("\n")) expect(JSON.parse(line)).to.have.property("eventId");
  });
});
