import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { create as createTsNode, type CreateTranspilerOptions } from "ts-node";

import { create } from "../../cli/keptOutput";
import { root } from "./support";

describe("kept output of TypeScript", () => {
  const plain = createTsNode({ cwd: root, transpileOnly: true });
  const service = plain as CreateTranspilerOptions["service"];
  const fileName = join(root, "sample.ts");
  const code = 'export const id: string = "sample";\nexport const load = () => import("node:fs");\n';
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "kept-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const transpile = (text: string, options = {}) =>
    create({
      service: { ...service, config: { ...service.config, options: { ...service.config.options, ...options } } },
      folder,
    }).transpile(text, { fileName });

  it("is what ts-node makes without it, the first time and later", () => {
    const first = transpile(code);
    const [text = ""] = first.outputText.split("//# sourceMappingURL");
    expect(plain.compile(code, fileName)).to.satisfy((compiled: string) => compiled.startsWith(text));
    expect(JSON.parse(first.sourceMapText ?? "")).to.include({ version: 3 });
    expect(readdirSync(folder)).to.have.length(1);
    expect(transpile(code)).to.deep.equal(first);
  });

  it("is not made again", () => {
    transpile(code);
    for (const file of readdirSync(folder)) writeFileSync(join(folder, file), '{"outputText":"kept"}');
    expect(transpile(code).outputText).to.equal("kept");
  });

  it("is made again for other text and other options", () => {
    const { outputText } = transpile(code);
    expect(transpile(`${code}export const more = 1;\n`).outputText).to.include("more = 1");
    expect(transpile(code, { target: 1 }).outputText).not.to.equal(outputText);
  });

  it("is made again where its file is broken", () => {
    const made = transpile(code);
    for (const file of readdirSync(folder)) writeFileSync(join(folder, file), '{"outputText":');
    expect(transpile(code)).to.deep.equal(made);
  });

  it("is not kept where the text is not TypeScript", () => {
    expect(transpile("const 1 = ;").diagnostics).not.to.be.empty;
    expect(readdirSync(folder)).to.be.empty;
  });
});
